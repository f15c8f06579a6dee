// What a salesperson does on the phone between two visits: with a finger, and nothing but it.
import { expect } from 'vitest';
import { journey, unique, type Walker } from './walk';

const tabs = ({ page }: Walker) => page.getByRole('navigation', { name: '主菜单' });

journey(
  'with a finger one goes by the tabs below, opens a card, and follows up in two taps',
  async (walker) => {
    const { page } = walker;
    const api = await walker.enter('sales');
    const name = `指尖${unique()}`;
    const made = await api.create('customer', { name });
    await walker.open('/');
    await walker.tappable('home');
    await walker.tappable('the tabs', tabs(walker));
    await tabs(walker).getByRole('link', { name: '客户' }).tap();
    const cards = page.getByRole('list', { name: '客户列表' });
    await cards.getByRole('listitem').nth(5).waitFor();
    await walker.holds('cards');
    await walker.tappable('cards');
    await walker.tappable('the cards', cards);
    await walker.tappable('the tools of a list', page.getByRole('toolbar', { name: '列表工具' }));
    await page.getByRole('searchbox').fill(name);
    await cards.getByRole('button', { name }).tap();
    const record = page.getByRole('complementary', { name: '记录详情' });
    // In the head, where the thumb is; the list of them has one as well.
    const follow = record.getByRole('button', { name: '新建跟进记录' }).first();
    await follow.waitFor();
    await walker.tappable('a record');

    // One tap asks for no more than what was said, the second keeps it.
    const said = `路上通了电话${unique()}`;
    await follow.tap();
    const quick = page.getByRole('dialog', { name: '新建跟进记录' });
    await walker.tappable('a quick follow-up', quick);
    await walker.ruled(said, () => quick.locator('[data-field="content"] textarea').fill(said));
    await quick.getByRole('button', { name: '保存' }).tap();
    await quick.waitFor({ state: 'hidden' });
    await record.getByText(said).first().waitFor();
    await expect.poll(() => api.list('followUp', { q: said }).then((all) => all.length)).toBe(1);
    const [kept] = await api.list('followUp', { q: said });
    expect(kept?.values.customer).toMatchObject({ id: made.id });

    await record.getByRole('button', { name: '关闭' }).tap();
    await record.waitFor({ state: 'hidden' });
    await walker.button('更多').tap();
    await walker.tappable('what lies behind the tabs', page.getByRole('dialog', { name: '更多' }));
    await page.getByRole('dialog', { name: '更多' }).getByRole('link', { name: '商机' }).tap();
    await page.getByRole('heading', { level: 1, name: '商机' }).waitFor();
  },
  { at: ['phone'] },
);

journey(
  'with a finger one claims what lies in a pool',
  async (walker) => {
    const { page } = walker;
    const api = await walker.enter('sales');
    await walker.open('/f/customer/pool');
    const lying = page.getByRole('listitem').filter({ has: walker.button('领取') });
    await lying.first().waitFor();
    await walker.tappable('a pool');
    const name = (await lying.first().getByRole('link').first().textContent()) ?? '';
    const path = (await lying.first().getByRole('link').first().getAttribute('href')) ?? '';
    const claim = lying.first().getByRole('button', { name: '领取' });
    await walker.tappable('what lies in a pool', lying.first());
    await claim.tap();
    await walker.reads('「领取」已完成');
    await page.getByRole('link', { name, exact: true }).waitFor({ state: 'hidden' });
    const claimed = await api.get('customer', path.split('/').at(-1) ?? '');
    expect(claimed.values.owner).toMatchObject({ title: '李晓雯' });
  },
  { at: ['phone'] },
);

/** Pages with much to press that no other walk holds against a thumb. */
const pages: [string, string, string][] = [
  ['a home', 'director', '/'],
  ['their tasks', 'sales', '/f/task?view=agenda'],
  ['a board', 'sales', '/f/opportunity?view=funnel'],
  ['a new record', 'sales', '/f/quote/new'],
  ['what works in the background', 'sales', '/jobs'],
  ['what somebody is told of', 'sales', '/notifications'],
  ['an import', 'sales', '/f/customer/import'],
  ['what is followed', 'sales', '/followed'],
  ['who is mentioned', 'sales', '/mentions'],
];

journey(
  'whatever is pressed on a phone is as large as a thumb',
  async (walker) => {
    for (const [where, who, address] of pages) {
      await walker.enter(who);
      await walker.open(address);
      await walker.tappable(where);
    }
    await walker.open('/f/customer');
    await walker.button('筛选').tap();
    await walker.button('添加条件').first().tap();
    await walker.tappable('a filter');
  },
  { at: ['phone'] },
);

// What somebody has to do, in the order of its day, and a record that they keep an eye on.
import { expect } from 'vitest';
import { journey, unique } from './walk';

const day = 86_400_000;
const at = (from: number) => new Date(Date.now() + from).toISOString();

journey('tasks stand by when they are due, and one tap says that one is done', async (walker) => {
  const { page } = walker;
  const api = await walker.enter('sales');
  const mark = unique();
  const late = await api.create('task', { title: `过了${mark}`, due: at(-60_000) });
  await api.create('task', { title: `以后${mark}`, due: at(9 * day) });
  await api.create('task', { title: `随时${mark}` });
  await walker.open('/f/task?view=agenda');
  const overdue = page.getByRole('region', { name: /^已过期/ });
  await overdue.getByText(`过了${mark}`).waitFor();
  await page.getByRole('region', { name: /^以后/ }).waitFor();
  await page
    .getByRole('region', { name: /^未定时间/ })
    .getByText(`随时${mark}`)
    .waitFor();
  expect(await overdue.getByText(`随时${mark}`).count()).toBe(0);
  await walker.accessible('what is to be done');
  await walker.fits('what is to be done');
  await overdue.getByRole('button', { name: `完成「过了${mark}」` }).click();
  await overdue.getByText(`过了${mark}`).waitFor({ state: 'hidden' });
  await expect.poll(async () => (await api.get('task', late.id)).values.done).toBe(true);

  // What a day holds stands in the calendar as well.
  await walker.open('/f/task?view=calendar');
  await page.getByText(`过了${mark}`).filter({ visible: true }).first().waitFor();
  await walker.accessible('tasks by their days');
  await walker.fits('tasks by their days');
});

journey('a task is given to somebody, who is told and does it', async (walker) => {
  const { page } = walker;
  const title = `请回访${unique()}`;
  const api = await walker.enter('manager');
  await walker.open('/f/task/new');
  await walker.type('任务', title);
  await walker.field('执行人').getByRole('combobox').click();
  await page.keyboard.type('李晓雯');
  await walker.option('李晓雯').first().click();
  await walker.accessible('a new task');
  await walker.fits('a new task');
  await walker.save();
  await page.waitForURL(/\/f\/task\/(?!new)/);
  const [made] = await api.list('task', { q: title });
  expect(made?.values).toMatchObject({ owner: { title: '李晓雯' }, assignedBy: { title: '高文静' }, done: false });
  await walker.open('/f/task?view=given');
  await page.getByText(title).filter({ visible: true }).first().waitFor();
  await walker.accessible('what one has given to others');

  await walker.enter('sales');
  await walker.open('/');
  await page.getByRole('button', { name: /^通知，\d+ 条未读$/ }).click();
  const inbox = page.getByRole('dialog', { name: /^通知/ });
  await inbox
    .getByRole('link', { name: new RegExp(title) })
    .first()
    .click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  await walker.open('/f/task?view=agenda');
  await page.getByRole('button', { name: `完成「${title}」` }).click();
  await expect.poll(async () => (await api.get('task', String(made?.id))).values.done).toBe(true);
});

interface Following {
  following: boolean;
  followers: number;
}

journey('who follows a record hears of it, and its timeline shows what is chosen', async (walker) => {
  const { page } = walker;
  const manager = await walker.enter('manager');
  const api = await walker.enter('sales');
  const made = await api.create('customer', { name: `关注${unique()}`, shortName: '先前' });
  const path = `/forms/customer/records/${made.id}`;
  const before = await manager.call<Following>('GET', `${path}/follow`);
  await walker.enter('manager');
  await walker.open(`/f/customer/${made.id}`);
  const follow = page.getByRole('button', { name: /^关注，/ });
  await follow.click();
  await walker.reads('已关注');
  await expect.poll(() => follow.getAttribute('aria-pressed')).toBe('true');
  const now = await manager.call<Following>('GET', `${path}/follow`);
  expect(now).toMatchObject({ following: true, followers: before.followers + 1 });

  const said = `聊过一次${unique()}`;
  const words = `这个客户要盯紧${unique()}`;
  await api.update('customer', made, { shortName: '后来' });
  await api.create('followUp', { customer: made.id, way: 'phone', content: said });
  await api.call('POST', `${path}/comments`, { text: words });
  const timeline = page.getByRole('region', { name: '动态' });
  await page.reload();
  await timeline.getByText(words).waitFor();
  await timeline.getByText(said).waitFor();
  await timeline.getByText('后来').first().waitFor();
  await walker.accessible('a timeline');
  await walker.fits('a timeline');
  const chips = timeline.getByRole('group', { name: '显示哪些动态' });
  await chips.getByRole('button', { name: '评论' }).click();
  await timeline.getByText(said).waitFor({ state: 'hidden' });
  await timeline.getByText(words).waitFor();
  await walker.accessible('the comments of a timeline');
  await chips.getByRole('button', { name: '跟进记录' }).click();
  await timeline.getByText(words).waitFor({ state: 'hidden' });
  await timeline.getByText(said).waitFor();
  await walker.accessible('the follow-ups of a timeline');
  await chips.getByRole('button', { name: '变更' }).click();
  await timeline.getByText('后来').first().waitFor();
  await timeline.getByText(said).waitFor({ state: 'hidden' });

  await page.getByRole('button', { name: /^通知，\d+ 条未读$/ }).click();
  const inbox = page.getByRole('dialog', { name: /^通知/ });
  await inbox
    .getByRole('link', { name: new RegExp(String(made.values.name)) })
    .first()
    .waitFor();
  await page.keyboard.press('Escape');
  await follow.click();
  await expect.poll(() => follow.getAttribute('aria-pressed')).toBe('false');
  expect((await manager.call<Following>('GET', `${path}/follow`)).following).toBe(false);
});

// What the server refuses, or cannot do just now, is told on every page, with a way to try again.
import { expect } from 'vitest';
import { Api } from './api';
import { journey, type Size, unique } from './walk';

const problem = (status: number) => ({
  contentType: 'application/problem+json',
  status,
  headers: { 'Retry-After': '7' },
  body: JSON.stringify({
    title: '',
    status,
    detail: '您没有权限做这件事',
    code: 'x',
    instance: 'urn:tidewater:trace:t1',
  }),
});

/** Pages, which of their questions fails, and how, in which size. */
const pages: [string, string, string, number, Size][] = [
  ['a list', '/f/customer', '**/api/v1/forms/customer/records?*', 500, 'phone'],
  ['a board', '/f/opportunity?view=funnel', '**/api/v1/forms/opportunity/records?*', 500, 'desk'],
  ['a calendar', '/f/followUp?view=calendar', '**/api/v1/forms/followUp/records?*', 429, 'desk'],
  ['a record', '/f/customer/:id', '**/api/v1/forms/customer/records/*', 500, 'phone'],
  ['a pool', '/f/customer/pool', '**/api/v1/forms/customer/records?*', 503, 'phone'],
  ['a dashboard', '/', '**/api/v1/forms/*/aggregate', 500, 'desk'],
  ['what works in the background', '/jobs', '**/api/v1/jobs*', 403, 'desk'],
];

const said: Record<number, RegExp> = {
  403: /没有权限/,
  429: /操作太频繁，请在 7 秒后重试/,
  500: /服务器出了故障，这里的内容暂时看不到.*t1/,
  503: /服务器正忙或在维护，请在 7 秒后重试/,
};

for (const [where, address, question, status, size] of pages) {
  journey(
    `${where} that cannot be had says so, and comes when it is asked for again, ${status}`,
    async (walker) => {
      const { page, watch } = walker;
      const api = await walker.enter('sales');
      const made = address.includes(':id') ? await api.create('customer', { name: `难处${unique()}` }) : undefined;
      watch.expect(new RegExp(`^${status} `));
      await page.route(question, (route) => route.fulfill(problem(status)));
      await page.goto(address.replace(':id', made?.id ?? ''));
      const again = page.getByRole('button', { name: '重试' });
      await again.first().waitFor();
      await walker.reads(said[status] ?? '');
      await walker.accessible(`${where} that cannot be had`);
      await walker.fits(`${where} that cannot be had`);
      await page.unroute(question);
      // What a list failed to show comes back together, with how many there are of all; elsewhere each part by itself.
      const isList = /^\/f\/\w+(\?|$)/.test(address);
      for (let left = await again.count(); left > 0; left = isList ? 0 : left - 1) {
        await again.first().click();
        await expect.poll(() => again.count(), { timeout: 20_000 }).toBeLessThan(isList ? 1 : left);
      }
      await walker.settled();
      if (isList) await walker.holds(where);
    },
    { at: [size] },
  );
}

journey(
  'who may no longer change a record is told so, and what they typed stays',
  async (walker) => {
    const { page, watch } = walker;
    const api = await walker.enter('sales');
    const manager = await Api.as(walker.address, 'manager');
    const [east] = await manager.list('customer', { view: 'ownerless', limit: '1' });
    const made = await api.create('customer', { name: `易手${unique()}`, zone: east?.values.zone });
    await walker.open(`/f/customer/${made.id}`);
    await walker.button('编辑').click();
    await walker.type('简称', '我还在写');
    // It goes to somebody else meanwhile: the server itself refuses what comes after.
    const other = await Api.as(walker.address, 'sunyue');
    watch.expect(/^(403|404|409) /);
    await manager.act('customer', made.id, 'assign', { to: await other.me() });
    await walker.save();
    await page
      .getByRole('alert')
      .or(page.getByText(/没有权限|没有找到|改了这条记录/))
      .first()
      .waitFor();
    expect((await other.get('customer', made.id)).values.shortName).toBeUndefined();
  },
  { at: ['desk'] },
);

journey(
  'where a gateway answers in the place of the server nobody claims that nothing was saved, and it is saved once',
  async (walker) => {
    const { page, watch } = walker;
    const api = await walker.enter('sales');
    const name = `网关${unique()}`;
    const question = '**/api/v1/forms/customer/records';
    watch.expect(/^502 /);
    // The server hears it and does it each time; its answers are lost on the way.
    await page.route(question, async (route) => {
      await route.fetch();
      await route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' });
    });
    await walker.open('/f/customer/new');
    await walker.type('客户名称', name);
    await walker.save();
    await walker.reads(/HTTP 502.*不确定是否已保存/);
    expect(await walker.field('客户名称').getByRole('textbox').inputValue()).toBe(name);
    await page.unroute(question);
    await walker.save();
    await page.waitForURL(/\/f\/customer\/(?!new)/);
    expect(await api.list('customer', { q: name })).toHaveLength(1);
  },
  { at: ['desk'] },
);

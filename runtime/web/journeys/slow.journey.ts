// A slow connection: what is under way is to be seen, little is asked for, and nothing typed is lost or sent twice.
import { expect } from 'vitest';
import { journey, unique, type Walker } from './walk';

/** What developers call fast 3G: ms of latency, bytes a second down and up. */
const third = { offline: false, latency: 562, downloadThroughput: 180_000, uploadThroughput: 84_000 };

async function throttle({ context, page }: Walker) {
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', third);
}

/** Notes what of the API is asked for, by its path. */
function asked({ page }: Walker): string[] {
  const all: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/api/') && request.resourceType() !== 'eventsource')
      all.push(`${request.method()} ${pathname.replace('/api/v1', '').replace(/[0-9A-Z]{26}/, ':id')}`);
  });
  return all;
}

/** Notes whether something that matches was to be seen, however short, from the next page on. */
async function noting({ page }: Walker, selector: string) {
  await page.addInitScript((wanted) => {
    const look = () => {
      const one = document.querySelector(wanted);
      if (one?.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
        Object.assign(window, { noted: true });
      else requestAnimationFrame(look);
    };
    look();
  }, selector);
  return () => page.waitForFunction(() => 'noted' in window);
}

journey(
  'a list and a record stand in their outlines until they come, and ask for little',
  async (walker) => {
    const { page } = walker;
    const api = await walker.enter('sales');
    const name = `慢网${unique()}`;
    const made = await api.create('customer', { name });
    await throttle(walker);
    const seen = await noting(walker, '.skeleton');
    const all = asked(walker);
    await page.goto(`/f/customer?q=${name}`);
    await page.getByRole('listitem').filter({ hasText: name }).first().waitFor();
    await seen();
    await walker.settled();
    const twice = all.filter((one, index) => all.indexOf(one) !== index);
    expect(twice, 'nothing is asked for twice').toEqual([]);
    expect(all.length, all.join(', ')).toBeLessThanOrEqual(8);

    all.length = 0;
    await page.goto(`/f/customer/${made.id}`);
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await seen();
    await walker.settled();
    expect(
      all.filter((one, index) => all.indexOf(one) !== index && !/aggregate|\/records$/.test(one)),
      'of a record nothing is asked for twice',
    ).toEqual([]);
    expect(all.length, all.join(', ')).toBeLessThanOrEqual(24);
  },
  { at: ['phone'] },
);

journey(
  'on a slow connection one types on while the rules answer, and what is saved twice is saved once',
  async (walker) => {
    const { page } = walker;
    const api = await walker.enter('sales');
    await throttle(walker);
    const all = asked(walker);
    await walker.open('/f/customer/new');
    await walker.settled();
    all.length = 0;
    const name = `慢存${unique()}`;
    await walker.type('客户名称', name);
    await walker.type('简称', '慢');
    await walker.type('需求', '写得比网络快'.repeat(20));
    // The answers to what was typed before come late: none of them takes anything away.
    await walker.settled();
    expect(await walker.field('客户名称').getByRole('textbox').inputValue()).toBe(name);
    expect(await walker.field('简称').getByRole('textbox').inputValue()).toBe('慢');
    expect(all.filter((one) => one.endsWith('/evaluate')).length).toBeLessThanOrEqual(6);
    await walker.button('保存').first().dblclick();
    await page
      .getByRole('button', { name: '正在保存…' })
      .or(page.getByRole('button', { name: '编辑' }))
      .first()
      .waitFor();
    await page.waitForURL(/\/f\/customer\/[0-9A-Z]{26}/);
    expect(all.filter((one) => one === 'POST /forms/customer/records')).toHaveLength(1);
    expect(await api.list('customer', { q: name })).toHaveLength(1);
  },
  { at: ['phone'] },
);

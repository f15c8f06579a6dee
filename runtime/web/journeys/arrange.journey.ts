// A list is laid out as its reader wants it, cells come in from a spreadsheet, and those who keep values change them.
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Stored } from './api';
import { journey, unique } from './walk';

const atLeft = async (one: Locator) => Math.round((await one.boundingBox())?.x ?? -1);

/** Where the cells of records that stay at the left begin, px, each once, with the list scrolled sideways as far. */
async function pinnedAt(page: Page, scrolled: number): Promise<number[]> {
  const begins = await page.evaluate((left) => {
    const scroller = document.querySelector('.grid-scroll');
    scroller?.scrollTo({ left });
    if (scroller?.scrollLeft !== left) throw new Error(`scrolled to ${scroller?.scrollLeft} of ${left}`);
    const cells = document.querySelectorAll('.grid-body .grid-row [data-pin]');
    return [...cells].map((cell) => Math.round(cell.getBoundingClientRect().left));
  }, scrolled);
  return [...new Set(begins)];
}

journey(
  'records stand together with subtotals, and the list is kept as it was laid out',
  async (walker) => {
    const { page } = walker;
    await walker.enter('manager');
    await walker.open('/f/opportunity');
    await walker.button('分组').click();
    await page.getByRole('dialog', { name: '分组' }).getByRole('button', { name: '阶段' }).click();
    const head = page.getByRole('row').filter({ has: page.getByRole('button', { name: '展开“需求确认”' }) });
    await head.getByText(/^¥[\d,]+\.\d\d$/).waitFor();
    await walker.button('展开“需求确认”').click();
    const open = page.getByRole('row').filter({ has: page.getByRole('checkbox', { name: /^选择第/ }) });
    await open.first().waitFor();
    expect(await open.first().textContent()).toContain('需求确认');
    await walker.holds('records that stand together');
    await walker.accessible('records that stand together');
    await walker.button('列').click();
    await walker.button('固定“阶段”在左侧').click();
    await page.keyboard.press('Escape');
    const columns = page.getByRole('columnheader');
    await expect.poll(async () => (await columns.nth(1).textContent()) ?? '').toContain('阶段');
    // What stays does so in heads as in cells, also in a narrow window, with the others gone below it.
    await page.setViewportSize({ width: 900, height: 900 });
    for (const left of [0, 240]) expect(await pinnedAt(page, left)).toEqual([await atLeft(columns.nth(1))]);
    await page.setViewportSize({ width: 1440, height: 900 });
    const name = `我的${unique()}`;
    await walker.button('保存视图').click();
    await page.getByRole('textbox', { name: '视图名称' }).fill(name);
    await walker.button('保存').click();
    const tab = page.getByRole('button', { name });
    await tab.waitFor();
    // Somebody else's way to look at it, then back to this one.
    await walker.open('/f/opportunity?view=all');
    await tab.click();
    await walker.button('展开“需求确认”').waitFor();
    await expect.poll(async () => (await columns.nth(1).textContent()) ?? '').toContain('阶段');
  },
  { at: ['desk'] },
);

journey(
  'cells of a spreadsheet are pasted onto records: first what would become of them, then so it is, and back',
  async (walker) => {
    const { page } = walker;
    const api = await walker.enter('sales');
    const [buyer] = await api.list('customer', { limit: '1' });
    const word = unique();
    const made: Stored[] = [];
    for (const n of ['甲', '乙']) {
      made.push(
        await api.create('opportunity', {
          name: `粘${n}${word}`,
          customer: buyer?.id,
          amount: '1.00',
          stage: 'contact',
        }),
      );
    }
    const amounts = async () =>
      Promise.all(made.map(async ({ id }) => (await api.get('opportunity', id)).values.amount));
    await walker.open(`/f/opportunity?view=all&q=${word}&sort=-name`);
    const cells = page.getByRole('gridcell').filter({ hasText: '¥1.00' });
    await cells.nth(1).waitFor();
    await cells.first().focus();
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', '12,345.6\r\nmany\r\n7\r\n');
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(event);
    });
    const dialog = page.getByRole('dialog', { name: '粘贴到列表' });
    await dialog.getByText('有 1 行超出').waitFor();
    await dialog.getByText('many').waitFor();
    await walker.accessible('what pasted cells would do');
    expect(await amounts()).toEqual(['1.00', '1.00']);
    await dialog.getByRole('button', { name: '写入正确的行' }).click();
    await dialog.getByText('粘贴的内容已写入').waitFor();
    await expect.poll(async () => (await amounts()).sort()).toEqual(['1.00', '12345.60']);
    await dialog.getByRole('button', { name: '撤销' }).click();
    await expect.poll(amounts).toEqual(['1.00', '1.00']);
  },
  { at: ['desk'] },
);

journey(
  'who keeps values tries others, plans them for a day, and takes them back',
  async (walker) => {
    const { page } = walker;
    await walker.enter('director');
    await walker.open('/values');
    await page.getByRole('link', { name: '回收天数' }).click();
    await page.getByRole('textbox', { name: '天数 · E 观察客户' }).fill('61');
    await page.getByRole('radio', { name: '从某天起' }).check();
    await page.getByRole('textbox', { name: '变更说明' }).fill(unique());
    await walker.button('试算影响').click();
    await page.getByRole('heading', { level: 3, name: '客户' }).waitFor();
    await walker.accessible('what other values would come to');
    await walker.fits('what other values would come to');
    await walker.button(/^确认从/).click();
    const waiting = page.getByRole('region', { name: '等待生效' });
    await waiting.getByText('61').waitFor();
    await walker.accessible('a change that waits for its day');
    await waiting.getByRole('button', { name: '撤回' }).click();
    await page.getByText('已撤回').first().waitFor();
    expect(await page.getByRole('textbox', { name: '天数 · E 观察客户' }).inputValue()).toBe('60');
  },
  { at: ['phone'] },
);

journey('what one follows is a list of its own, until one follows it no longer', async (walker) => {
  const { page, phone } = walker;
  const api = await walker.enter('sales');
  const word = unique();
  const mine = await api.create('customer', { name: `关注${word}` });
  await api.create('customer', { name: `其他${word}` });
  await api.call('PUT', `/forms/customer/records/${mine.id}/follow`);
  await walker.open('/f/customer');
  const tabs = page.getByRole('group', { name: '视图' });
  await tabs.getByRole('button', { name: '我的关注' }).click();
  const line = (text: string) => page.getByRole(phone ? 'listitem' : 'row').filter({ hasText: text });
  await line(`关注${word}`).first().waitFor();
  // Both stood in the list before.
  await expect.poll(() => line(`其他${word}`).count()).toBe(0);
  expect(new URL(page.url()).searchParams.get('with')).toBe('followed');
  await walker.accessible('a list of what one follows');
  await walker.fits('a list of what one follows');
  await walker.open(`/f/customer?with=followed&sort=-name&record=${mine.id}`);
  await page.getByRole('button', { name: /人关注$/ }).click();
  await expect.poll(() => line(`关注${word}`).count()).toBe(0);
});

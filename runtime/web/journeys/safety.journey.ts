// What people type is never lost and never runs.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Api } from './api';
import { accessible, open, signIn } from './browser';
import { launch } from './walk';

const base = inject('address');
let browser: Browser;
let sales: Api;

beforeAll(async () => {
  browser = await launch();
  sales = await Api.as(base, 'sales');
});
afterAll(() => browser.close());

const hostile = '"><img src=x onerror="globalThis.bitten=1"><script>globalThis.bitten=1</script>{{constructor}}';

test('hostile text is text in lists, boards, records, history and search', async () => {
  const [buyer] = await sales.list('customer', { limit: '1' });
  const name = `${Date.now()}${hostile}`.slice(0, 120);
  const made = await sales.create('opportunity', {
    name,
    customer: buyer?.id,
    amount: '88888888.00',
    note: hostile,
    competitors: [hostile.slice(0, 40)],
  });
  await sales.update('opportunity', made, { note: `${hostile}!` });
  const { page, complaints } = await open(browser, base, { size: 'desk' });
  await signIn(page, 'sales');
  for (const address of [
    '/f/opportunity',
    '/f/opportunity?view=funnel',
    `/f/opportunity/${made.id}`,
    `/f/customer/${buyer?.id}`,
  ]) {
    await page.goto(address);
    await page.getByText(name.slice(0, 30)).first().waitFor();
  }
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: '搜索与命令' }).fill(name.slice(0, 13));
  await page.getByRole('option', { name: new RegExp(name.slice(0, 13)) }).waitFor();
  await accessible(page, 'the palette');
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(made.id));
  expect(await page.evaluate(() => (globalThis as { bitten?: number }).bitten)).toBeUndefined();
  expect(await page.locator('img[src="x"]').count()).toBe(0);
  expect(complaints).toEqual([]);
  await page.context().close();
});

describe('what is typed stays', () => {
  const begin = async () => {
    const { page, complaints } = await open(browser, base, { size: 'desk' });
    await signIn(page, 'sales');
    await page.goto('/f/opportunity/new');
    const name = `草稿 ${Date.now()}`;
    await page.getByLabel('商机名称').fill(name);
    return { page, complaints, name };
  };

  test('over a reload', async () => {
    const { page, name } = await begin();
    await page.reload();
    await page.getByText('已恢复您上次没有保存的内容').waitFor();
    expect(await page.getByLabel('商机名称').inputValue()).toBe(name);
    await page.getByRole('button', { name: '放弃草稿' }).click();
    expect(await page.getByLabel('商机名称').inputValue()).toBe('');
    await page.context().close();
  });

  test('offline, and is saved when one is back and says so', async () => {
    const { page, name } = await begin();
    await page.getByRole('combobox', { name: '客户', exact: true }).click();
    await page.locator('.ant-select-item-option').first().click();
    await page.context().setOffline(true);
    await page.getByText('现在离线').waitFor();
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.getByText('连不上服务器').waitFor();
    expect(await page.getByLabel('商机名称').inputValue()).toBe(name);
    await page.context().setOffline(false);
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.waitForURL(/\/f\/opportunity\/[0-9A-Z]{26}/);
    await page.context().close();
  });

  test('over the end of a session', async () => {
    const { page, name } = await begin();
    await page.context().clearCookies();
    // The rules are asked again, and the server does not know who asks.
    await page.getByLabel('商机名称').fill(`${name}！`);
    const door = page.getByRole('dialog', { name: /登录已过期/ });
    await door.waitFor();
    await accessible(page, 'the door over a form');
    await door.getByLabel('用户名').fill('sales');
    await door.getByLabel('密码').fill('demo');
    await door.getByRole('button', { name: '登录' }).click();
    await door.waitFor({ state: 'detached' });
    expect(await page.getByLabel('商机名称').inputValue()).toBe(`${name}！`);
    await page.context().close();
  });

  test.each([
    [429, '操作太频繁'],
    [500, '服务器出了故障'],
    [403, '没有权限做这件事'],
  ])('when the server answers %d', async (status, text) => {
    const { page, name } = await begin();
    await page.route('**/api/v1/forms/*/records', (route) =>
      route.fulfill({
        status,
        contentType: 'application/problem+json',
        headers: { 'Retry-After': '7' },
        body: JSON.stringify({
          title: '',
          status,
          detail: '没有权限做这件事',
          code: 'x',
          instance: 'urn:tidewater:trace:t1',
        }),
      }),
    );
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.getByText(text).first().waitFor();
    expect(await page.getByLabel('商机名称').inputValue()).toBe(name);
    await page.context().close();
  });
});

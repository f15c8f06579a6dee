// Every page of every role's menu, in both sizes, languages and lights: it opens, complains of nothing, and axe is content.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { accessible, open, signIn } from './browser';
import { launch, type Size } from './walk';

const base = inject('address');
let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

test.each([
  ['sales', 'desk', 'zh-CN', false],
  ['director', 'desk', 'en', true],
  ['finance', 'phone', 'en', false],
  ['marketing', 'phone', 'zh-CN', true],
] as [string, Size, string, boolean][])('as %s on a %s in %s', async (user, size, locale, dark) => {
  const { page, complaints } = await open(browser, base, { size, locale, dark });
  await signIn(page, user);
  await accessible(page, 'home');
  const { menu } = (await (await page.request.get('/api/v1/catalog')).json()) as { menu: string[] };
  expect(menu.length).toBeGreaterThan(1);
  for (const form of menu) {
    await page.goto(`/f/${form}`);
    await page.locator('.list').waitFor();
    await page.waitForLoadState('networkidle');
    await accessible(page, `the list of ${form}`);
    const first = page.locator('.grid-body [data-at="0:0"], .cards .card-row').first();
    if (!(await first.count())) continue;
    await first.click();
    await page.getByRole('complementary', { name: /记录详情|^Record$/ }).waitFor();
    await accessible(page, `a record of ${form}`);
  }
  expect(await page.locator('html').getAttribute('lang')).toBe(locale);
  expect(complaints).toEqual([]);
  await page.context().close();
});

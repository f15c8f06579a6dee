// Every page of the menus of four roles, in both sizes, languages and lights: it opens and is fit for everybody.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launch, openContext, type Size, Walker } from './walk';

const stage: { browser?: Browser } = {};
beforeAll(async () => {
  stage.browser = await launch();
});
afterAll(() => stage.browser?.close());

test.each([
  ['sales', 'phone', 'en', false],
  ['director', 'desk', 'en', true],
  ['finance', 'desk', 'zh-CN', false],
  ['marketing', 'phone', 'zh-CN', true],
] as [string, Size, string, boolean][])('%s, %s, %s, dark: %s', async (username, size, locale, dark) => {
  const { browser } = stage;
  if (!browser) throw new Error('no browser');
  const context = await openContext(browser, inject('address'), size, { locale, dark });
  const page = await context.newPage();
  const walker = new Walker(page, context, size, inject('address'));
  await walker.enter(username);
  const catalog = (await (await context.request.get('/api/v1/catalog')).json()) as {
    menu: string[];
    dashboards: { key: string }[];
    forms: { key: string; rights: { create: boolean } }[];
  };
  expect(catalog.menu.length).toBeGreaterThan(1);
  const addresses = [
    '/',
    ...catalog.dashboards.map(({ key }) => `/d/${key}`),
    ...catalog.menu.map((key) => `/f/${key}`),
    ...catalog.forms.filter(({ rights }) => rights.create).map(({ key }) => `/f/${key}/new`),
  ];
  for (const address of addresses) {
    await walker.open(address);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.getByText(/^(没有找到|Not found)$/).count(), address).toBe(0);
    await walker.accessible(address);
    await walker.fits(address);
    const first = page.locator('.grid-body [data-at="0:0"], .cards .card-row').first();
    if (!(await first.count())) continue;
    await first.click();
    await page.getByRole('complementary', { name: /记录详情|^Record$/ }).waitFor();
    await page.waitForLoadState('networkidle');
    await walker.accessible(`a record of ${address}`);
    await walker.fits(`a record of ${address}`);
  }
  expect(await page.locator('html').getAttribute('lang')).toBe(locale);
  expect(walker.watch.surprises()).toEqual([]);
  await context.close();
});

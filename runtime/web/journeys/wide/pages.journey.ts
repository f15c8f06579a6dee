// Every page of every role's menu, in both sizes, languages and lights: it opens, complains of nothing, and axe is content.
import { expect } from 'vitest';
import { journey, type Walker } from '../walk';

const tour = (user: string, locale: string) => async (walker: Walker) => {
  const { page } = walker;
  await walker.enter(user);
  await walker.open('/');
  await walker.accessible('home');
  const { menu } = (await (await page.request.get('/api/v1/catalog')).json()) as { menu: string[] };
  expect(menu.length).toBeGreaterThan(1);
  for (const form of menu) {
    await walker.open(`/f/${form}`);
    await page.locator('.list').waitFor();
    await walker.accessible(`the list of ${form}`);
    const first = page.locator('.grid-body [data-at="0:0"], .cards .card-row').first();
    if (!(await first.count())) continue;
    await first.click();
    await page.getByRole('complementary', { name: /记录详情|^Record$/ }).waitFor();
    await walker.accessible(`a record of ${form}`);
  }
  expect(await page.locator('html').getAttribute('lang')).toBe(locale);
};

journey('the pages of sales', tour('sales', 'zh-CN'), { at: ['desk'] });
journey('the pages of a director, in English and dark', tour('director', 'en'), {
  at: ['desk'],
  locale: 'en',
  dark: true,
});
journey('the pages of finance, in English', tour('finance', 'en'), { at: ['phone'], locale: 'en' });
journey('the pages of marketing, dark', tour('marketing', 'zh-CN'), { at: ['phone'], dark: true });

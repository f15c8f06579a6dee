// Language, light and the phone's own ways.
import { expect } from 'vitest';
import { journey, unique, type Walker } from './walk';

/** Opens the place where one sets how things look. */
async function preferences({ page, phone }: Walker) {
  if (phone) await page.getByRole('button', { name: /^(更多|More)$/ }).click();
  else await page.getByRole('button', { name: /李晓雯/ }).click();
}

journey('language and light change at once, and are so when the page is opened anew', async (walker) => {
  const { page } = walker;
  await walker.enter('sales');
  await walker.open('/f/customer?view=all');
  await walker.reads('全部客户');
  const html = page.locator('html');
  await preferences(walker);
  await walker.button('English').click();
  await walker.reads('Language');
  await page.getByRole('button', { name: 'Dark', exact: true }).click();
  expect(await html.getAttribute('data-theme')).toBe('dark');
  expect(await html.getAttribute('lang')).toBe('en');
  await walker.accessible('preferences in English and dark');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { level: 1, name: 'Customer' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Customer' }).waitFor();
  expect(await html.getAttribute('data-theme')).toBe('dark');
  await walker.accessible('a list in English and dark');
});

journey(
  'on a phone there are tabs below, cards for records, and nothing wider than the screen',
  async (walker) => {
    const { page } = walker;
    const api = await walker.enter('sales');
    const name = `手机${unique()}`;
    await api.create('customer', { name });
    await walker.open('/');
    const tabs = page.getByRole('navigation', { name: '主菜单' });
    const below = await tabs.boundingBox();
    expect(below && below.y + below.height).toBeCloseTo(844, -1);
    for (const tab of await tabs.getByRole('link').or(tabs.getByRole('button')).all()) {
      const box = await tab.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(40);
    }
    await walker.fits('home');
    await tabs.getByRole('link', { name: '客户' }).click();
    const cards = page.getByRole('list', { name: '客户列表' });
    await cards.getByRole('listitem').nth(5).waitFor();
    await walker.fits('cards');
    await page.getByRole('searchbox').fill(name);
    await cards.getByRole('button', { name }).click();
    await page.getByRole('complementary', { name: '记录详情' }).getByRole('button', { name: '编辑' }).click();
    const size = await walker
      .field('客户名称')
      .getByRole('textbox')
      .evaluate((input) => getComputedStyle(input).fontSize);
    expect(size).toBe('16px');
    await walker.fits('a form');
    await walker.button('取消').click();
    await walker.button('关闭').click();
    await walker.button('更多').click();
    await page.getByRole('dialog', { name: '更多' }).getByRole('link', { name: '产品' }).click();
    await page.getByRole('heading', { level: 1, name: '产品' }).waitFor();
  },
  { at: ['phone'] },
);

journey(
  'times read as a clock of the company shows them, wherever the browser is',
  async (walker) => {
    const api = await walker.enter('sales');
    const made = await api.create('customer', { name: `时区${unique()}` });
    const { createdAt } = (await api.get('customer', made.id)) as unknown as { createdAt: string };
    await walker.open(`/f/customer/${made.id}`);
    const time = walker.page.getByRole('region', { name: '动态' }).locator('time').first();
    const eastern = new Date(new Date(createdAt).getTime() + 8 * 3_600_000).toISOString();
    expect(await time.getAttribute('title')).toBe(eastern.slice(0, 16).replace('T', ' '));
  },
  { at: ['desk'], zone: 'America/New_York' },
);

// What people type stays when the page is opened anew and when the server refuses.
import { expect } from 'vitest';
import { journey, unique, type Walker } from './walk';

async function begin(walker: Walker) {
  await walker.enter('sales');
  await walker.open('/f/opportunity/new');
  const name = `草稿${unique()}`;
  await walker.page.getByLabel('商机名称').fill(name);
  return name;
}

journey(
  'what is typed stays over a reload, until one drops it',
  async (walker) => {
    const { page } = walker;
    const name = await begin(walker);
    await page.reload();
    await page.getByText('已恢复您上次没有保存的内容').waitFor();
    expect(await page.getByLabel('商机名称').inputValue()).toBe(name);
    await walker.button('放弃草稿').click();
    expect(await page.getByLabel('商机名称').inputValue()).toBe('');
  },
  { at: ['desk'] },
);

for (const [status, text] of [
  [429, '操作太频繁'],
  [500, '服务器出了故障'],
  [403, '没有权限做这件事'],
] as const) {
  journey(
    `what is typed stays when the server answers ${status}`,
    async (walker) => {
      const { page, watch } = walker;
      const name = await begin(walker);
      const problem = { title: '', status, detail: '没有权限做这件事', code: 'x', instance: 'urn:tidewater:trace:t1' };
      await page.route('**/api/v1/forms/*/records', (route) =>
        route.fulfill({
          status,
          contentType: 'application/problem+json',
          headers: { 'Retry-After': '7' },
          body: JSON.stringify(problem),
        }),
      );
      watch.expect(new RegExp(`^${status} POST `));
      await walker.save();
      await page.getByText(text).first().waitFor();
      expect(await page.getByLabel('商机名称').inputValue()).toBe(name);
    },
    { at: [status === 403 ? 'phone' : 'desk'] },
  );
}

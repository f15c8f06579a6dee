// Tables that come in and go out.
import { expect } from 'vitest';
import { journey, unique } from './walk';

journey('rows of a table come with their records, into what the template calls them', async (walker) => {
  const { page } = walker;
  const api = await walker.enter('director');
  const [product] = await api.list('product', { limit: '1' });
  const word = unique();
  await api.create('customer', { name: `买家${word}` });
  const own = `${word},买家${word},初步接触`;
  const lines = [
    '商机名称,客户,阶段,产品,数量,单价（含税）',
    ...[2, 3].map((n) => `${own},${product?.values.name},${n},10.50`),
  ];
  await walker.open('/f/opportunity/import');
  const fetched = page.waitForEvent('download');
  await page.getByRole('link', { name: '下载模板' }).click();
  expect((await fetched).suggestedFilename()).toMatch(/\.xlsx$/);
  const file = { name: '商机.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) };
  await page.locator('input[type=file]').setInputFiles(file);
  const rows = page.getByRole('region', { name: '明细：产品明细' });
  await rows.getByLabel('产品明细所在工作表').selectOption({ label: '与记录在同一张表' });
  await rows.getByLabel('「单价（含税）」导入到').waitFor();
  await walker.accessible('what columns of rows become');
  await walker.fits('what columns of rows become');
  await page.getByRole('button', { name: '试运行' }).click();
  await page.getByRole('button', { name: '正式导入' }).click();
  await page.getByRole('button', { name: '撤销这次导入' }).waitFor();
  const made = await api.list('opportunity', { q: word });
  expect(made.map(({ values }) => values.lines)).toMatchObject([
    [
      { product: { id: product?.id }, quantity: '2.00', price: '10.50', amount: '21.00' },
      { product: { id: product?.id }, quantity: '3.00', price: '10.50', amount: '31.50' },
    ],
  ]);
});

journey(
  'new records are brought into the pool that is chosen, by whoever may give them out',
  async (walker) => {
    const { page } = walker;
    const api = await walker.enter('director');
    const word = unique();
    await walker.open('/f/customer/import');
    const buffer = Buffer.from(`客户名称\n池中${word}\n`);
    await page.locator('input[type=file]').setInputFiles({ name: '客户.csv', mimeType: 'text/csv', buffer });
    await page.getByLabel('进入公海').selectOption({ label: '西部客户公海' });
    await page.getByRole('button', { name: '试运行' }).click();
    await page.getByRole('button', { name: '正式导入' }).click();
    await page.getByRole('button', { name: '撤销这次导入' }).waitFor();
    expect(await api.list('customer', { q: word })).toMatchObject([{ pool: { key: 'customerWest' } }]);
  },
  { at: ['desk'] },
);

journey('what a list shows is fetched as a file, and the work is found again among the jobs', async (walker) => {
  const { page } = walker;
  await walker.enter('finance');
  await walker.open('/f/salesOrder');
  await walker.holds('what is to be fetched');
  await page.getByRole('button', { name: '导入与导出' }).click();
  await page.getByRole('button', { name: '导出', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: /^导出/ });
  await walker.accessible('what to export');
  await dialog.getByRole('button', { name: '导出', exact: true }).click();
  const link = dialog.getByRole('link', { name: '下载文件' });
  await link.waitFor();
  const fetched = page.waitForEvent('download');
  await link.click();
  expect((await fetched).suggestedFilename()).toMatch(/\.xlsx$/);
  await walker.open('/jobs');
  const job = page.getByRole('button', { name: /^导出/ }).first();
  await job.click();
  await page.getByRole('link', { name: '下载文件' }).first().waitFor();
  await walker.accessible('jobs');
  await walker.fits('jobs');
});

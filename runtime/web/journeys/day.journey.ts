// A salesperson's day: come in by the door, look, narrow, open, change; a new one with its lines.
import { expect } from 'vitest';
import { Api, password, tenant } from './api';
import { journey, unique } from './walk';

journey('come in, narrow a list, open a record, change it, and find the change in its history', async (walker) => {
  const { page, watch, address } = walker;
  const sales = await Api.as(address, 'sales');
  const [buyer] = await sales.list('customer', { limit: '1' });
  const name = `旅程${unique()}`;
  const made = await sales.create('opportunity', { name, customer: buyer?.id, amount: '1000.00', stage: 'contact' });

  watch.expect(/^401 GET \/api\/v1\/me$/);
  await page.goto('/');
  await page.getByLabel('组织').fill(tenant);
  await page.getByLabel('用户名').fill('sales');
  await page.getByLabel('密码').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '我的工作台' }).waitFor();
  const menu = page.getByRole('navigation', { name: '主菜单' });
  if (walker.phone) {
    await walker.button('更多').click();
    await page.getByRole('dialog', { name: '更多' }).getByRole('link', { name: '商机' }).click();
  } else await menu.getByRole('link', { name: '商机', exact: true }).click();

  await walker.button('筛选').click();
  await walker.button('添加条件').click();
  await page.getByLabel('值', { exact: true }).fill(name);
  await page.keyboard.press('Enter');
  await page.getByText('共 1 条').waitFor();
  await page.keyboard.press('Escape');
  expect(new URL(page.url()).searchParams.get('f')).toContain(name);
  await page.reload();
  await page.getByText('共 1 条').waitFor();

  await page.getByText(name).first().click();
  await page.getByRole('heading', { name: new RegExp(name) }).waitFor();
  await walker.button('编辑').click();
  await page.getByRole('spinbutton', { name: '预计金额' }).fill('2500.5');
  await page.getByLabel('备注').fill('第一行\n第二行 😀');
  await walker.accessible('a form');
  await walker.save();
  await page.getByText('已保存').waitFor();
  await page.getByText('¥2,500.50').first().waitFor();
  await page.getByText('修改了').waitFor();
  const now = await sales.get('opportunity', made.id);
  expect(now.values).toMatchObject({ amount: '2500.50', note: '第一行\n第二行 😀' });
  expect(now.version).toBe(made.version + 1);
});

journey('a new record says what is missing, and works out its lines while one types', async (walker) => {
  const { page, watch } = walker;
  const sales = await walker.enter('sales');
  const name = `新建${unique()}`;
  await walker.open('/f/opportunity/new');
  watch.expect(/^422 POST \/api\/v1\/forms\/opportunity\/records$/);
  await walker.save();
  await page.getByText('还有 2 项需要修改').waitFor();
  await walker.accessible('missing fields');
  expect(await page.getByLabel('商机名称').getAttribute('aria-invalid')).toBe('true');

  await page.getByLabel('商机名称').fill(name);
  await page.getByRole('combobox', { name: '客户', exact: true }).click();
  await walker.option(/\S/).first().click();
  await walker.button('添加一行').click();
  await page.getByLabel('产品 1').click();
  await walker.option(/\S/).first().click();
  await page.getByLabel('数量 1').fill('3');
  await page.getByLabel('单价（含税） 1').fill('19.99');
  await page.getByText('¥59.97').first().waitFor();
  await walker.save();
  await page.waitForURL(/\/f\/opportunity\/[0-9A-Z]{26}/);
  const found = await sales.list('opportunity', { filter: JSON.stringify({ field: 'name', op: 'eq', value: name }) });
  expect(found.map(({ values }) => values)).toMatchObject([{ linesAmount: '59.97', probability: 10 }]);
});

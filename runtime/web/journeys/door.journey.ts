// Coming in, being kept out, and coming back.
import { expect } from 'vitest';
import { password, tenant } from './api';
import { journey, type Walker } from './walk';

async function signIn({ page }: Walker, username: string, secret: string) {
  await page.getByLabel('组织').fill(tenant);
  await page.getByLabel('用户名').fill(username);
  await page.getByLabel('密码').fill(secret);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

journey('a wrong password is told, the right one leads to the dashboard of the role', async (walker) => {
  const { page, watch } = walker;
  watch.expect(/^401 GET \/api\/v1\/me$/);
  watch.expect(/^401 POST \/api\/v1\/auth\/login$/);
  await page.goto('/');
  await page.getByLabel('密码').waitFor();
  await walker.accessible('the door');
  await signIn(walker, 'sales', 'not-this-one');
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('alert').textContent()).toMatch(/密码/);
  expect(await page.getByLabel('用户名').inputValue()).toBe('sales');
  await walker.accessible('the door with a fault');

  await signIn(walker, 'sales', password);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByRole('main').getByRole('region').first().waitFor();
  await walker.accessible('home');
});

journey(
  'an address that does not exist, a form one may not see and a record that is not there say so',
  async (walker) => {
    const { page, watch } = walker;
    await walker.enter('sales');
    await walker.open('/no/such/place');
    await walker.reads('没有找到');
    await walker.accessible('no such page');
    await walker.open('/f/nothing');
    await walker.reads('没有找到');
    watch.expect(/^404 GET \/api\/v1\/forms\/customer\/records\//);
    await walker.open('/f/customer/01890000-0000-7000-8000-000000000000');
    await walker.reads('没有找到');
    await walker.accessible('no such record');
    await page.getByRole('navigation').first().getByRole('link').first().click();
    await page.getByRole('heading', { level: 1 }).waitFor();
  },
);

journey('a session that ends while somebody types asks for the password and keeps what was typed', async (walker) => {
  const { page, context, watch } = walker;
  await walker.enter('sales');
  await walker.open('/f/customer/new');
  // Whoever has the same name is asked for later than the rules are. A door that comes by it, between the two steps in
  // which a field is filled here, would take what is typed.
  const alike = page.waitForResponse((one) => one.url().endsWith('/duplicates'));
  await walker.ruled('写到一半的客户', () => walker.type('客户名称', '写到一半的客户'));
  await alike;
  await walker.settled();
  await context.clearCookies();
  watch.expect(/^401 (POST|GET) /);
  // The rules are asked about what is typed, and the server no longer knows who asks.
  await walker.type('简称', '一半');
  const again = page.getByRole('dialog');
  await again.getByLabel('密码').waitFor();
  await walker.accessible('the door again');
  await again.getByLabel('组织').fill(tenant);
  await again.getByLabel('用户名').fill('sales');
  await again.getByLabel('密码').fill(password);
  await again.getByRole('button', { name: '登录', exact: true }).click();
  await again.waitFor({ state: 'hidden' });
  expect(await walker.field('客户名称').getByRole('textbox').inputValue()).toBe('写到一半的客户');
  expect(await walker.field('简称').getByRole('textbox').inputValue()).toBe('一半');
});

journey(
  'who comes for the first time is shown around, by what they have, once',
  async (walker) => {
    const { page } = walker;
    await walker.enter('sales');
    await walker.open('/');
    const tour = page.getByRole('dialog', { name: '新手引导' });
    await tour.getByText('我的工作台').waitFor();
    await walker.accessible('a page with its tour');
    await tour.getByRole('button', { name: '下一步' }).click();
    await tour.getByText('「客户」').waitFor();
    await tour.getByRole('button', { name: '跳过' }).click();
    await tour.waitFor({ state: 'hidden' });
    await page.reload();
    await walker.settled();
    expect(await tour.count()).toBe(0);
  },
  { isNew: true },
);

journey('who leaves stands before the door', async (walker) => {
  const { page, phone, watch } = walker;
  await walker.enter('sales');
  await walker.open('/');
  watch.expect(/^401 GET \/api\/v1\/me$/);
  if (phone) await walker.button('更多').click();
  else await page.getByRole('button', { name: /的设置$/ }).click();
  await walker.button('退出登录').click();
  await page.getByLabel('密码').waitFor();
});

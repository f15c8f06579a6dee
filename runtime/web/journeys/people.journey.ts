// What one says of oneself, the app as others see it, and what administrators do with people and the log.
import { expect } from 'vitest';
import { journey, unique, type Walker } from './walk';
import { workbook } from './workbook';

/** Opens the menu of whoever is signed in, and chooses in it. */
async function choose({ page, phone }: Walker, name: string): Promise<void> {
  await page.getByRole('button', { name: phone ? '更多' : /的设置$/ }).click();
  const entry = page.getByRole('link', { name }).or(page.getByRole('button', { name }));
  await entry.filter({ visible: true }).first().click();
}

async function pick(walker: Walker, label: string, name: string): Promise<void> {
  await walker.page.getByRole('combobox', { name: label }).click();
  await walker.page.keyboard.type(name);
  await walker.option(name).first().click();
}

interface Absences {
  away: { from: string; to: string; deputy: { title: string } | null }[];
  standsIn: { from: string; person: { title: string } }[];
}

/** Days of a year of its own for each size, so that none overlaps what is said already. */
const days = { desk: ['2041-03-04', '2041-03-08'], phone: ['2042-03-04', '2042-03-08'] } as const;

journey('who is away says so and who stands in, and whoever stands in reads it', async (walker) => {
  const { page, size } = walker;
  const [from, to] = days[size];
  const api = await walker.enter('sales');
  await walker.open('/');
  await choose(walker, '我的休假');
  await page.getByRole('heading', { level: 1, name: '我的休假' }).waitFor();
  await page.getByLabel('开始日期').fill(from);
  await page.getByLabel('结束日期').fill(to);
  await pick(walker, '代理人（可不选）', '王明');
  await walker.accessible('an absence that is said');
  await walker.fits('an absence that is said');
  await page.getByRole('button', { name: '保存' }).dblclick();
  const mine = page.getByRole('region', { name: '我不在的日子' }).getByRole('listitem').filter({ hasText: from });
  await mine.getByText('代理人：王明').waitFor();
  const said = () =>
    api.call<Absences>('GET', '/me/absence').then(({ away }) => away.filter((one) => one.from === from));
  expect(await said()).toMatchObject([{ from, to, deputy: { title: '王明' } }]);

  const deputy = await walker.enter('wangming');
  await page.reload();
  const other = page.getByRole('region', { name: '我代理的同事' }).getByRole('listitem').filter({ hasText: from });
  await other.getByText('李晓雯').waitFor();
  await walker.accessible('for whom one stands in');
  const { standsIn } = await deputy.call<Absences>('GET', '/me/absence');
  expect(standsIn.filter((one) => one.from === from)).toMatchObject([{ person: { title: '李晓雯' } }]);

  await walker.enter('sales');
  await page.reload();
  await mine.getByRole('button', { name: '删除' }).click();
  await mine.waitFor({ state: 'hidden' });
  expect(await said()).toEqual([]);
});

interface Entries {
  entries: { op: string; targetName?: string; note?: string }[];
}

journey('a manager sees the app as one of their people, can only look, and the log says so', async (walker) => {
  const { page, phone, context } = walker;
  const reason = `问起一条记录${unique()}`;
  const api = await walker.enter('manager');
  const [own] = await (await walker.enter('sales')).list('customer', { view: 'mine', limit: '1' });
  await walker.enter('manager');
  await walker.open('/');
  await choose(walker, '以他人身份查看…');
  const dialog = page.getByRole('dialog', { name: '以他人身份查看…' });
  await dialog.waitFor();
  expect(await dialog.getByRole('button', { name: '开始查看' }).isDisabled()).toBe(true);
  await pick(walker, '查看谁', '李晓雯');
  await dialog.getByLabel('原因（对方会看到）').fill(reason);
  await dialog.getByLabel('时长').selectOption({ label: '5 分钟' });
  await walker.accessible('asking to see the app as somebody');
  await walker.fits('asking to see the app as somebody');
  await dialog.getByRole('button', { name: '开始查看' }).click();

  const banner = page.getByRole('status').filter({ hasText: '您正以 李晓雯 的身份查看（只读）' });
  await banner.waitFor();
  await walker.accessible('the app as another sees it');
  await walker.fits('the app as another sees it');
  await walker.open(`/f/customer/${own?.id}`);
  await page.getByRole('heading', { level: 1, name: String(own?.values.name) }).waitFor();
  await banner.waitFor();
  await walker.settled();
  expect(await walker.button('编辑').count()).toBe(0);
  await walker.accessible('a record as another sees it');
  const refused = await context.request.patch(`/api/v1/forms/customer/records/${own?.id}`, {
    headers: { 'X-Tidewater': 'web', 'If-Match': String(own?.version) },
    data: { values: { shortName: reason } },
  });
  expect(refused.status()).toBe(403);

  await banner.getByRole('button', { name: '结束查看' }).click();
  await banner.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: phone ? '更多' : '高文静 的设置' }).waitFor();
  expect((await api.get('customer', String(own?.id))).values.shortName).toBe(own?.values.shortName);
  const admin = await walker.enter('admin');
  const { entries } = await admin.call<Entries>('GET', '/admin/audit?op=viewing.began,viewing.ended');
  const told = entries.filter(({ targetName }) => targetName === '李晓雯').slice(0, 2);
  expect(told.map(({ op }) => op)).toEqual(['viewing.ended', 'viewing.began']);
  expect(told[1]?.note).toContain(reason);
});

journey(
  'an administrator finds in the log who exported what, and narrows it to one person and form',
  async (walker) => {
    const { page } = walker;
    const manager = await walker.enter('manager');
    const [quote] = await manager.list('quote', { limit: '1' });
    await manager.call('POST', '/forms/quote/printed', { records: [quote?.id] });
    const admin = await walker.enter('admin');
    await walker.open('/');
    await choose(walker, '数据使用记录');
    await page.getByRole('heading', { level: 1, name: '数据使用记录' }).waitFor();
    const lines = page.getByRole('main').getByRole('listitem');
    await lines.filter({ hasText: '高文静' }).filter({ hasText: '打印' }).first().waitFor();
    await walker.accessible('the log');
    await walker.fits('the log');
    await page.getByLabel('做了什么').selectOption({ label: '打印' });
    await page.getByLabel('哪个表单').selectOption({ label: '报价单' });
    await pick(walker, '谁', '高文静');
    await page.waitForURL(/kind=printed.*form=quote|form=quote.*kind=printed/);
    await page.waitForURL(/actor=/);
    await lines.first().waitFor();
    const actor = new URL(page.url()).searchParams.get('actor');
    const query = new URLSearchParams({ op: 'records.printed', form: 'quote', actor: String(actor) });
    const { entries } = await admin.call<Entries>('GET', `/admin/audit?${query}`);
    expect(entries.length).toBeGreaterThan(0);
    await expect.poll(() => lines.count(), { timeout: 20_000 }).toBe(entries.length);
    await walker.accessible('the log, narrowed');

    // What one sees is in the address; a day without anything says so.
    await page.reload();
    await expect.poll(() => lines.count(), { timeout: 20_000 }).toBe(entries.length);
    await page.getByLabel('到', { exact: true }).fill('2020-01-01');
    await page.getByRole('heading', { name: '没有符合条件的记录' }).waitFor();
    await walker.accessible('a log without entries');
  },
);

interface Users {
  users: { username: string; name: string }[];
}

journey('people come from one workbook: what is wrong is said by its cell, then they are made once', async (walker) => {
  const { page, size } = walker;
  const admin = await walker.enter('admin');
  const phone = `+86139${size === 'phone' ? '1' : '2'}${String(Date.now()).slice(-7)}`;
  const name = `新同事${unique()}`;
  const columns = ['手机', '姓名', '部门', '角色'];
  const file = (unit: string) => ({
    name: '人员.xlsx',
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer: workbook({ 人员: [columns, [phone, name, unit, '销售']] }),
  });
  await walker.open('/');
  await choose(walker, '导入人员与部门');
  await page.getByRole('heading', { level: 1, name: '导入人员与部门' }).waitFor();
  const fetched = page.waitForEvent('download');
  await page.getByRole('link', { name: '下载模板' }).click();
  expect((await fetched).suggestedFilename()).toMatch(/\.xlsx$/);
  const input = page.locator('input[type=file]');
  await input.setInputFiles(file('没有的部门'));
  const wrong = page.getByRole('region', { name: /^1 处有误/ });
  await wrong.getByText('人员 第 2 行').waitFor();
  await wrong.getByText('没有的部门').first().waitFor();
  await walker.accessible('what is wrong with a workbook of people');
  await walker.fits('what is wrong with a workbook of people');
  const found = () => admin.call<Users>('GET', `/admin/users?${new URLSearchParams({ q: name })}`);
  expect((await found()).users).toEqual([]);

  await input.setInputFiles(file('华东一组'));
  await page.getByRole('button', { name: '写入 1 行' }).dblclick();
  const passwords = page.getByRole('region', { name: '初始密码' }).first();
  await passwords.getByText(name).waitFor();
  await walker.accessible('the first passwords of new people');
  await walker.fits('the first passwords of new people');
  expect((await found()).users).toMatchObject([{ name }]);

  // The same file again changes nothing.
  await input.setInputFiles(file('华东一组'));
  await page.getByRole('button', { name: '没有需要写入的内容' }).waitFor();
  expect((await found()).users).toHaveLength(1);
});

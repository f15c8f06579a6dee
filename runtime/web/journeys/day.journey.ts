// The days of three people, each walked through as one story: what one does leads on to the next.
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { Api, password, tenant } from './api';
import { journey, unique, type Walker } from './walk';

/** What a record is in of its pool. */
interface Pooled {
  pool?: { reclaimAt?: string };
}

/** A record that waits in the pool of the east, for anybody there to claim. */
async function waiting(address: string, name: string) {
  const manager = await Api.as(address, 'manager');
  const [east] = await manager.list('customer', { view: 'ownerless', limit: '1' });
  return manager.create('customer', { name, zone: east?.values.zone, owner: null });
}

async function comeIn({ page, watch }: Walker, username: string) {
  watch.expect(/^401 GET \/api\/v1\/me$/);
  await page.goto('/');
  await page.getByLabel('组织').fill(tenant);
  await page.getByLabel('用户名').fill(username);
  await page.getByLabel('密码').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('main').getByRole('region').first().waitFor();
}

/** Goes to a form's list by the menu, which lies behind a tab on a phone. */
async function goTo({ page, phone }: Walker, name: string) {
  const menu = page.getByRole('navigation', { name: '主菜单' });
  const direct = menu.getByRole('link', { name, exact: true });
  if (!phone || (await direct.count())) return direct.click();
  await page.getByRole('button', { name: '更多', exact: true }).click();
  await page.getByRole('dialog', { name: '更多' }).getByRole('link', { name, exact: true }).click();
}

journey('a salesperson saves a customer, claims another, and makes them an offer', async (walker) => {
  const { page, address, phone } = walker;
  const sales = await Api.as(address, 'sales');
  const name = `公海${unique()}`;
  const lying = await waiting(address, name);
  const [product] = await sales.list('product', { limit: '1' });

  await comeIn(walker, 'sales');
  await walker.accessible('home of sales');
  await walker.fits('home of sales');

  // What is about to go back to the pool: why, and a follow-up that keeps it.
  await page
    .getByRole('navigation', { name: '公海入口' })
    .getByRole('link', { name: /^客户公海/ })
    .click();
  await page.getByRole('button', { name: '即将收回' }).click();
  await page.getByRole('button', { name: '30 天内' }).click();
  const line = page
    .getByRole(phone ? 'listitem' : 'row')
    .filter({ has: walker.button('为什么') })
    .first();
  await line.waitFor();
  await walker.accessible('what goes back soon');
  await walker.fits('what goes back soon');
  const path = await line.getByRole('link').first().getAttribute('href');
  const kept = path?.split('/').at(-1) ?? '';
  const due = ((await sales.get('customer', kept)) as Pooled).pool?.reclaimAt ?? '';
  await line.getByRole('button', { name: '为什么' }).click();
  const panel = page.getByRole('dialog', { name: /^为什么/ });
  await panel.getByText('预计收回时间').waitFor();
  await walker.accessible('why it goes back');
  await walker.fits('why it goes back');
  await panel.getByRole('button', { name: '关闭' }).click();
  await line.getByRole('button', { name: '跟进记录' }).click();
  const quick = page.getByRole('dialog', { name: '新建跟进记录' });
  const said = `电话里谈了一下${unique()}`;
  await quick.locator('[data-field="content"] textarea').fill(said);
  await walker.accessible('a quick follow-up');
  await quick.getByRole('button', { name: '保存' }).click();
  await quick.waitFor({ state: 'hidden' });
  expect(await sales.list('followUp', { q: said })).toHaveLength(1);
  await expect
    .poll(async () => ((await sales.get('customer', kept)) as Pooled).pool?.reclaimAt ?? '', { timeout: 20_000 })
    .not.toBe(due);

  // One that nobody has is claimed, pressed twice and spent once.
  await page.getByRole('button', { name: '可领取' }).click();
  const left = page.locator('.gauge').filter({ hasText: '今日还可领取' }).locator('strong');
  const before = Number(await left.textContent());
  await page.getByRole('searchbox').fill(name);
  const found = page.getByRole(phone ? 'listitem' : 'row').filter({ hasText: name });
  await found.waitFor();
  await walker.accessible('what lies in a pool');
  await walker.fits('what lies in a pool');
  await found.getByRole('button', { name: '领取' }).dblclick();
  await walker.reads('「领取」已完成');
  await found.waitFor({ state: 'hidden' });
  await left.filter({ hasText: String(before - 1) }).waitFor();
  expect((await sales.get('customer', lying.id)).values.owner).toMatchObject({ title: '李晓雯' });

  // It is among their own at once, and what it may come to is written down with it.
  await goTo(walker, '客户');
  await page.getByRole('searchbox').fill(name);
  await page.getByText(name).first().click();
  const opened = page.getByRole('complementary', { name: '记录详情' });
  await opened.getByRole('button', { name: '新建商机' }).click();
  const chance = page.getByRole('dialog', { name: '新建商机' });
  await chance.getByRole('button', { name: '显示全部字段' }).click();
  const hope = `商机${unique()}`;
  await chance.getByLabel('商机名称').fill(hope);
  await chance.getByRole('button', { name: '添加一行' }).click();
  await chance.getByRole('combobox', { name: '产品 1' }).fill(String(product?.values.name));
  await walker.option(String(product?.values.name)).first().click();
  await chance.getByLabel('数量 1').fill('3');
  await chance.getByLabel('单价（含税） 1').fill('120');
  await chance.getByText('¥360.00').first().waitFor();
  await walker.accessible('an opportunity of a customer');
  await walker.fits('an opportunity of a customer');
  await chance.getByRole('button', { name: '保存' }).click();
  await chance.waitFor({ state: 'hidden' });
  await opened.getByRole('link', { name: new RegExp(hope) }).click();

  // The offer has its customer and its lines already.
  await page.getByRole('heading', { level: 1, name: new RegExp(hope) }).waitFor();
  await walker.button('新建报价单').click();
  const offer = page.getByRole('dialog', { name: '新建报价单' });
  await offer.getByText('¥360.00').first().waitFor();
  await walker.accessible('a quote made from an opportunity');
  await walker.fits('a quote made from an opportunity');
  await offer.getByRole('button', { name: '保存' }).click();
  await offer.waitFor({ state: 'hidden' });
  const [opportunity] = await sales.list('opportunity', { q: hope });
  expect(opportunity?.values).toMatchObject({ customer: { id: lying.id }, linesAmount: '360.00', probability: 10 });
  const filter = JSON.stringify({ field: 'opportunity', op: 'eq', value: opportunity?.id });
  // The page shows it before it is kept.
  await expect.poll(() => sales.list('quote', { filter }).then((all) => all.length)).toBe(1);
  const [quote] = await sales.list('quote', { filter });
  expect(quote?.values).toMatchObject({ customer: { id: lying.id }, amount: '360.00' });
  // Nobody has typed a rate: it is the product's, and the tax is in the price, in whole cents.
  const rate = Number(product?.values.taxRate);
  expect(rate).toBeGreaterThan(0);
  expect(quote?.values).toMatchObject({ lines: [{ taxRate: product?.values.taxRate }] });
  expect(String(quote?.values.tax).replace('.', '')).toBe(String(Math.round((36_000 * rate) / (100 + rate))));
  await page
    .getByRole('link', { name: new RegExp(String(quote?.values.number ?? '¥360')) })
    .first()
    .waitFor();
  await walker.accessible('an opportunity with its quote');
});

journey('a manager hands out on a Monday, takes one away again, and looks where their people stand', async (walker) => {
  const { page, address, phone } = walker;
  const manager = await Api.as(address, 'manager');
  const word = unique();
  for (const one of ['甲', '乙']) await waiting(address, `分配${one}${word}`);
  const sales = await Api.as(address, 'sales');
  const hope = `商机${word}`;
  const [buyer] = await sales.list('customer', { view: 'mine', limit: '1' });
  const chance = { name: hope, customer: buyer?.id, amount: '88888888.00', stage: 'contact' };
  const made = await sales.create('opportunity', chance);

  await walker.enter('manager');
  await walker.open('/');
  await page.getByRole('main').getByRole('region').first().waitFor();
  await walker.accessible('home of a manager');
  await walker.fits('home of a manager');

  // What lies in the pool goes evenly to the two who are free, and the draw is verified.
  const ways = page.getByRole('navigation', { name: '公海入口' });
  await ways.getByRole('link', { name: /^客户公海/ }).click();
  await page.getByRole('button', { name: '分配与公平' }).click();
  await page.getByRole('button', { name: '批量分配' }).click();
  const dialog = page.getByRole('dialog', { name: /^分配 / });
  await dialog.getByText('手工选择人员').click();
  await dialog.getByRole('combobox', { name: '分给哪些人' }).click();
  for (const name of ['李晓雯', '王明']) {
    await page.keyboard.type(name);
    await walker.option(name).first().click();
  }
  await page.keyboard.press('Escape');
  await dialog.getByPlaceholder('不填则全部分出').fill('2');
  await dialog.getByText(/将分出 2 条/).waitFor();
  await walker.accessible('handing out');
  await walker.fits('handing out');
  await dialog.getByRole('button', { name: '分配 2 条' }).dblclick();
  await dialog.getByText('已完成').waitFor();
  await walker.accessible('what was handed out');
  await dialog.getByRole('button', { name: '核验' }).click();
  const draw = page.getByRole('dialog', { name: '核验这次分配' });
  await draw.getByText(/与记录历史一致（已核对 2 条）/).waitFor();
  await walker.accessible('a draw that is verified');
  await walker.fits('a draw that is verified');
  const hand = draw.getByRole('listitem').filter({ hasText: '王明' }).getByRole('link');
  const id = (await hand.getAttribute('href'))?.split('/').at(-1) ?? '';
  const { values } = await manager.get('customer', id);
  expect(values.owner).toMatchObject({ title: '王明' });
  await draw.getByRole('button', { name: '关闭' }).click();
  await page.getByRole('region', { name: '公平台账' }).getByText('李晓雯').waitFor();
  if (!phone) await page.getByRole('region', { name: '分配记录' }).getByText('手工选择人员').first().waitFor();

  // One of them is not free after all: what he got is taken from him, in the list on a desk, from the record on a phone.
  const name = String(values.name);
  await goTo(walker, '客户');
  await page.getByRole('searchbox').fill(name);
  const row = page.getByRole(phone ? 'listitem' : 'row').filter({ hasText: name });
  await row.waitFor();
  if (phone) {
    await row.getByRole('button').click();
    await page.getByRole('button', { name: '更多操作' }).click();
    await page.getByRole('dialog', { name: '更多操作' }).getByRole('button', { name: '分配', exact: true }).click();
  } else {
    await row.getByRole('checkbox').check();
    const bar = page.getByRole('toolbar', { name: '对所选记录的操作' });
    await bar.getByRole('button', { name: '分配', exact: true }).click();
  }
  const away = page.getByRole('dialog', { name: '分配', exact: true });
  await away.getByRole('combobox', { name: '分配给' }).fill('李晓雯');
  await walker.option('李晓雯').first().click();
  await walker.accessible('giving to somebody else');
  await walker.fits('giving to somebody else');
  await away.getByRole('button', { name: '分配', exact: true }).click();
  await walker.reads('「分配」已完成');
  await away.waitFor({ state: 'hidden' });
  expect((await manager.get('customer', id)).values.owner).toMatchObject({ title: '李晓雯' });
  if (phone) await page.getByRole('button', { name: '关闭' }).first().click();

  // Where their people stand: each card with whose it is, and one is moved on.
  await goTo(walker, '商机');
  await walker.button('商机看板').click();
  const card = page.locator(`[data-record="${made.id}"]`);
  await card.waitFor();
  await card.getByTitle('李晓雯').waitFor();
  await walker.accessible('the board of a manager');
  await card.getByRole('button', { name: '移动卡片' }).click();
  await walker.accessible('the board of a manager with a menu');
  await walker.button('移到「需求确认」').click();
  await page.getByText('已移动').first().waitFor();
  expect((await manager.get('opportunity', made.id)).values.stage).toBe('need');
  await page.getByRole('region', { name: '需求确认' }).locator(`[data-record="${made.id}"]`).waitFor();
});

journey('a marketer tries a table of leads, mends it by its errors, brings it in and takes it back', async (walker) => {
  const { page } = walker;
  const api = await walker.enter('marketing');
  const word = unique();
  const table = (...lines: string[]) => ({
    name: '线索.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(['联系人姓名,电话,来源,没用的', ...lines].join('\n')),
  });
  const bring = (file: Parameters<ReturnType<typeof page.locator>['setInputFiles']>[0]) =>
    page.locator('input[type=file]').setInputFiles(file);
  await walker.open('/f/lead');
  await page.getByRole('button', { name: '导入与导出' }).click();
  await page.getByRole('button', { name: '导入', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: '导入线索' }).waitFor();
  await walker.accessible('choosing a file');
  await bring(table(`导入甲${word},16012340001,展会,x`, `导入乙${word},16012340002,天上,y`, `,16012340003,展会,z`));
  await page.getByText('已对应 3 列，共 4 列').waitFor();
  await page.getByText('认不出：天上').waitFor();
  await page.getByRole('button', { name: '新建记录' }).click();
  await walker.accessible('what columns become');
  await walker.fits('what columns become');
  await page.getByRole('button', { name: '试运行' }).click();
  await page.getByRole('button', { name: '有误 2' }).waitFor();
  await page.getByRole('button', { name: '新建 1' }).waitFor();
  await walker.accessible('a trial');
  await walker.fits('a trial');
  expect(await api.list('lead', { q: word })).toEqual([]);
  await page.getByRole('button', { name: '正式导入' }).dblclick();
  const undo = page.getByRole('button', { name: '撤销这次导入' });
  await undo.waitFor();
  expect(await api.list('lead', { q: word })).toHaveLength(1);

  // The file of errors is those two rows and goes in as it is, so that it can be mended there.
  const fetched = page.waitForEvent('download');
  await page.getByRole('link', { name: '下载错误文件' }).click();
  const refused = await (await fetched).path();
  const begun = page.url();
  await undo.click();
  await page.getByText('已撤销').waitFor();
  await walker.accessible('an import that was taken back');
  expect(await api.list('lead', { q: word })).toEqual([]);
  await walker.open(new URL(begun).pathname);
  await bring({ name: '错误.xlsx', mimeType: '', buffer: readFileSync(refused) });
  await page.getByText('认不出：天上').waitFor();
  await page.getByText('16012340003').first().waitFor();
  expect(await page.getByText(`甲${word}`).count()).toBe(0);
  await page.getByRole('button', { name: '换一个文件' }).click();

  await bring(table(`导入乙${word},16012340002,展会,y`, `导入丙${word},16012340003,展会,z`));
  await page.getByRole('button', { name: '试运行' }).click();
  await page.getByRole('button', { name: '新建 2' }).waitFor();
  await page.getByRole('button', { name: '正式导入' }).click();
  await page.getByRole('link', { name: '查看导入的记录' }).click();
  await walker.reads(`导入乙${word}`);
  expect(await api.list('lead', { q: word })).toHaveLength(2);
});

// From the list to a record, and what is written there.
import { expect } from 'vitest';
import { journey, unique, type Walker } from './walk';

async function search({ page, phone }: Walker, words: string) {
  await page.getByRole('searchbox').fill(words);
  await page.waitForURL(/[?&]q=/);
  const first = phone ? page.getByRole('main').getByRole('listitem').first() : page.getByRole('row').nth(1);
  await first.filter({ hasText: words }).waitFor();
  // By its name: the middle of a row may lie under the pencil that comes with the pointer.
  return phone ? first.getByRole('button') : first.getByText(words);
}

journey(
  'a list is narrowed, a record opened, changed and saved, and it is so when the page is opened anew',
  async (walker) => {
    const { page, phone } = walker;
    const api = await walker.enter('sales');
    const name = `改一改${unique()}`;
    const made = await api.create('customer', { name });
    await walker.open('/f/customer');
    const rows = phone ? page.getByRole('main').getByRole('listitem') : page.getByRole('row');
    await rows.nth(2).waitFor();
    await walker.holds('a list');
    await walker.accessible('a list');

    const row = await search(walker, name);
    await row.click();
    const drawer = page.getByRole('complementary', { name: '记录详情' });
    await drawer.getByRole('button', { name: '编辑' }).waitFor();
    await walker.accessible('a record beside its list');
    await drawer.getByRole('button', { name: '编辑' }).click();
    await walker.type('简称', '新简称');
    await walker.accessible('a record being changed');
    await walker.save();
    await drawer.getByRole('button', { name: '编辑' }).waitFor();
    expect((await api.get('customer', made.id)).values).toMatchObject({ name, shortName: '新简称' });
    await page.reload();
    await drawer.getByText('新简称').first().waitFor();
  },
);

journey('conditions narrow a list, the address keeps them, and going back gives the list before', async (walker) => {
  const { page } = walker;
  await walker.enter('sales');
  await walker.open('/f/customer');
  const count = page.getByRole('status').filter({ hasText: '条' }).first();
  await count.filter({ hasText: /\d/ }).waitFor();
  await walker.holds('a list that is narrowed');
  const all = (await count.textContent()) ?? '';
  await walker.button('筛选').click();
  await walker.button('添加条件').click();
  await page.getByRole('combobox', { name: '字段' }).click();
  await page.keyboard.type('状态');
  await walker.option(/^状态$/).click();
  await page.getByRole('combobox', { name: '值' }).click();
  await walker.option('已成交').click();
  await page.waitForURL(/[?&]f=/);
  await walker.accessible('a list with its conditions');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await count.filter({ hasNotText: all }).waitFor();
  const narrowed = (await count.textContent()) ?? '';
  await page.reload();
  await count.filter({ hasText: narrowed }).waitFor();
  await page.getByRole('button', { name: '筛选，1 个条件' }).waitFor();
});

journey('one tap narrows a list by a choice, another widens it, and mine are mine alone', async (walker) => {
  const { page, phone } = walker;
  const api = await walker.enter('sales');
  const mark = unique();
  const made = await api.create('customer', { name: `一点${mark}`, status: 'contacted' });
  const other = await api.create('customer', { name: `两点${mark}`, status: 'negotiating' });
  await walker.open(`/f/customer?view=all&q=${mark}`);
  const rows = page.getByRole(phone ? 'listitem' : 'row').filter({ hasText: mark });
  await expect.poll(() => rows.count(), { timeout: 20_000 }).toBe(2);
  const chips = page.getByRole('group', { name: '快速筛选' });
  const contacted = chips.getByRole('button', { name: '已接触' });
  await contacted.click();
  await expect.poll(() => rows.count(), { timeout: 20_000 }).toBe(1);
  expect(await contacted.getAttribute('aria-pressed')).toBe('true');
  await rows.filter({ hasText: `一点${mark}` }).waitFor();
  await chips.getByRole('button', { name: '洽谈中' }).click();
  await expect.poll(() => rows.count(), { timeout: 20_000 }).toBe(2);
  await chips.getByRole('button', { name: '我的' }).click();
  await page.waitForURL(/(%40|@)me/);
  await expect.poll(() => rows.count(), { timeout: 20_000 }).toBe(2);
  await walker.accessible('a list narrowed by chips');
  await walker.fits('a list narrowed by chips');
  expect((await api.get('customer', made.id)).values.owner).toEqual((await api.get('customer', other.id)).values.owner);
});

journey('what must be filled is marked at its field, and what was typed stays', async (walker) => {
  const { watch } = walker;
  const api = await walker.enter('sales');
  await walker.open('/f/contact/new');
  const job = `岗位${unique()}`;
  await walker.type('职务', job);
  watch.expect(/^422 POST \/api\/v1\/forms\/contact\/records$/);
  await walker.save();
  const fault = walker.field('姓名').getByRole('alert');
  await fault.waitFor();
  expect(await walker.field('姓名').getByRole('textbox').getAttribute('aria-invalid')).toBe('true');
  expect(await walker.field('职务').getByRole('textbox').inputValue()).toBe(job);
  await walker.accessible('a form with faults');
  await walker.type('姓名', '周全');
  await fault.waitFor({ state: 'hidden' });
  expect(await api.list('contact', { q: job })).toEqual([]);
});

journey('however fast one saves, one record is made', async (walker) => {
  const { page } = walker;
  const api = await walker.enter('sales');
  const name = `连点${unique()}`;
  await walker.open('/f/customer/new');
  await walker.type('客户名称', name);
  await walker.button('保存').first().dblclick();
  await page.waitForURL(/\/f\/customer\/(?!new)/);
  await walker.button('编辑').waitFor();
  expect(await api.list('customer', { q: name })).toHaveLength(1);
});

journey('two who change one record are shown both versions, and what is chosen is saved', async (walker) => {
  const { page, watch } = walker;
  const api = await walker.enter('sales');
  const made = await api.create('customer', { name: `两人${unique()}`, shortName: '先前' });
  await walker.open(`/f/customer/${made.id}`);
  await walker.reads('先前');
  const first = await api.update('customer', made, { shortName: '后来' });
  // Nobody edits here: the page follows by itself, and editing begins with what it shows.
  await walker.reads('后来');
  await walker.button('编辑').click();
  await walker.type('简称', '我写的');
  await walker.type('客户编号', made.id.slice(-8));
  await api.update('customer', first, { shortName: '他写的' });
  await page.getByText('改了这条记录').waitFor();
  expect(await walker.field('简称').getByRole('textbox').inputValue()).toBe('我写的');
  await walker.accessible('a form that another was faster with');
  await walker.fits('a form that another was faster with');
  watch.expect(/^409 PATCH \/api\/v1\/forms\/customer\/records\//);
  await walker.save();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('他写的').waitFor();
  await dialog.getByText('我写的').waitFor();
  await walker.accessible('two versions');
  await dialog
    .getByRole('group', { name: '简称' })
    .getByRole('radio', { name: /对方的/ })
    .check();
  await dialog.getByRole('button', { name: '按所选保存' }).click();
  await walker.button('编辑').waitFor();
  expect((await api.get('customer', made.id)).values).toMatchObject({ shortName: '他写的', code: made.id.slice(-8) });
});

journey('without a connection what is typed is kept, and saved when there is one again', async (walker) => {
  const { page, context, watch } = walker;
  const api = await walker.enter('sales');
  const name = `离线${unique()}`;
  await walker.open('/f/customer/new');
  await walker.type('客户名称', name);
  await context.setOffline(true);
  watch.expect(/^net::ERR_INTERNET_DISCONNECTED /);
  await page.getByText('现在离线').waitFor();
  await walker.type('简称', '离线写的');
  await walker.save();
  await page.getByRole('alert').filter({ hasText: '连不上服务器' }).waitFor();
  await walker.accessible('a form without a connection');
  await context.setOffline(false);
  await page.getByText('现在离线').waitFor({ state: 'hidden' });
  await page.reload();
  await walker.reads('已恢复您上次没有保存的内容');
  expect(await walker.field('简称').getByRole('textbox').inputValue()).toBe('离线写的');
  await walker.save();
  await page.waitForURL(/\/f\/customer\/(?!new)/);
  expect(await api.list('customer', { q: name })).toHaveLength(1);
});

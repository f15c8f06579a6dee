// Ways to look that people keep, changes of many with a way back, and values of before.
import { expect } from 'vitest';
import { journey, unique, visit } from './walk';

journey(
  'a view is saved, found again and shared, and its owner alone takes it away',
  async (walker) => {
    const { page, size } = walker;
    const name = `视图${unique()}`;
    await walker.enter('sales');
    await walker.open('/f/customer?view=all&sort=-name');
    await page.getByRole('button', { name: '保存视图' }).click();
    const panel = page.getByRole('dialog', { name: '保存视图' });
    await panel.getByRole('textbox', { name: '视图名称' }).fill(name);
    await panel.getByText('与我同角色的人').click();
    await walker.accessible('saving a view');
    await panel.getByRole('button', { name: '保存', exact: true }).click();
    const tab = page.getByRole('group', { name: '视图' }).getByRole('button', { name });
    await tab.and(page.locator('[aria-pressed="true"]')).waitFor();
    await page.getByRole('button', { name: '全部客户' }).click();
    await page.waitForURL((url) => !url.searchParams.has('saved'));
    await tab.click();
    await page.waitForURL(/sort=-name/);
    await page.reload();
    await tab.and(page.locator('[aria-pressed="true"]')).waitFor();

    // Others of the role have it as a tab, and no way to take it away.
    await visit(size, {}, async (other) => {
      await other.enter('huangting');
      await other.open('/f/customer?view=all');
      await other.page.getByRole('group', { name: '视图' }).getByRole('button', { name }).click();
      await other.button('保存视图').click();
      expect(await other.page.getByRole('button', { name: '删除', exact: true }).count()).toBe(0);
    });
    await page.getByRole('button', { name: '保存视图' }).click();
    await panel.getByRole('button', { name: '删除' }).click();
    await tab.waitFor({ state: 'detached' });
  },
  { at: ['desk'] },
);

journey(
  'many records are changed and deleted as one, and all of it is taken back',
  async (walker) => {
    const { page } = walker;
    const api = await walker.enter('director');
    const word = unique();
    const made = await Promise.all(
      ['甲', '乙', '丙'].map((one) => api.create('customer', { name: `多条${one}${word}` })),
    );
    const names = async () => (await api.list('customer', { q: word })).map((one) => one.values.shortName);
    await walker.open(`/f/customer?q=${word}`);
    await page.getByRole('row').nth(3).waitFor();
    const all = page.getByRole('checkbox', { name: '全选已载入的记录' });
    const bar = page.getByRole('toolbar', { name: '对所选记录的操作' });
    await all.check();
    await bar.getByRole('button', { name: '批量修改' }).click();
    const dialog = page.getByRole('dialog', { name: '批量修改' });
    await dialog.getByRole('combobox', { name: '修改哪个字段' }).selectOption({ label: '简称' });
    await dialog.getByRole('textbox', { name: '改为' }).fill('同名');
    await walker.accessible('one value for many');
    await dialog.getByRole('button', { name: '修改 3 条' }).dblclick();
    const back = dialog.getByRole('button', { name: '撤销' });
    await back.waitFor();
    expect(await names()).toEqual(['同名', '同名', '同名']);
    await back.click();
    await dialog.getByText('已撤销').waitFor();
    expect(await names()).toEqual([undefined, undefined, undefined]);
    await dialog.getByRole('button', { name: '关闭' }).last().click();

    await all.check();
    await bar.getByRole('button', { name: '删除 3 条' }).click();
    const gone = page.getByRole('dialog', { name: '删除 3 条' });
    await gone.getByRole('button', { name: '删除 3 条' }).click();
    await gone.getByRole('button', { name: '撤销' }).waitFor();
    expect(await api.list('customer', { q: word })).toHaveLength(0);
    await gone.getByRole('button', { name: '撤销' }).click();
    await gone.getByText('已撤销').waitFor();
    expect(await api.list('customer', { q: word })).toHaveLength(made.length);
    await gone.getByRole('button', { name: '关闭' }).last().click();

    // All that match, loaded or not, are named with their number before anything is done to them.
    await walker.open('/f/customer');
    await page.getByRole('row').nth(3).waitFor();
    await all.check();
    const whole = bar.getByRole('button', { name: /^选择全部符合条件的 \d+ 条$/ });
    const count = Number(/\d+/.exec((await whole.textContent()) ?? '')?.[0]);
    await whole.click();
    await bar
      .getByRole('status')
      .filter({ hasText: `已选 ${count} 条` })
      .waitFor();
    await walker.accessible('all that match, selected');
    await walker.fits('all that match, selected');
    await bar.getByRole('button', { name: '批量修改' }).click();
    await dialog.getByText(`凡符合当前视图和筛选条件的 ${count} 条都会处理`).waitFor();
    await walker.accessible('one value for all that match');
  },
  { at: ['desk'] },
);

journey('a field gets its value of before back from the history', async (walker) => {
  const { page } = walker;
  const api = await walker.enter('sales');
  const made = await api.create('customer', { name: `恢复${unique()}`, shortName: '原名' });
  await api.update('customer', made, { shortName: '改名' });
  await walker.open(`/f/customer/${made.id}`);
  await page.getByRole('button', { name: '恢复简称' }).click();
  await walker.reads('已恢复为之前的值');
  expect((await api.get('customer', made.id)).values.shortName).toBe('原名');
});

journey(
  'figures by a field stand above a list, those of its view, and lead to what they count',
  async (walker) => {
    const { page } = walker;
    const api = await walker.enter('sales');
    // Where there is no table for groups to stand in.
    await walker.open('/f/customer?view=mine&group=tier');
    const figures = page.getByRole('region', { name: '按客户分层分组小计' });
    const first = figures.getByRole('listitem').first();
    await first.waitFor();
    await walker.accessible('figures by a field');
    await walker.fits('figures by a field');
    const { count } = await api.call<{ count: { value: number } }>(
      'GET',
      '/forms/customer/records?view=mine&limit=1&count=exact',
    );
    const counts = await figures.locator('strong').allTextContents();
    expect(counts.reduce((sum, one) => sum + Number(one), 0)).toBe(count.value);
    await first.getByRole('button').click();
    await page
      .getByRole('status')
      .filter({ hasText: `共 ${counts[0]} 条` })
      .waitFor();
  },
  { at: ['phone'] },
);

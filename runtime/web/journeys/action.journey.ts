// What is done to records beyond editing them, as the catalog describes it.
import { expect } from 'vitest';
import type { Api } from './api';
import { journey, unique, type Walker } from './walk';

/** A record of their own that is at home in a pool. */
async function own(api: Api, name: string) {
  const [pooled] = await api.list('customer', { view: 'ownerless', limit: '1' });
  return api.create('customer', { name, zone: pooled?.values.zone });
}

/** Begins an action of the record that is open: from its header, or the menu there. */
async function begin({ page }: Walker, name: string) {
  await page.getByRole('button', { name: '编辑' }).waitFor();
  const direct = page.locator('.head').getByRole('button', { name, exact: true });
  const menu = page.getByRole('button', { name: '更多操作' });
  await direct.or(menu).first().waitFor();
  if (await direct.count()) await direct.click();
  else {
    await menu.click();
    await page.getByRole('dialog', { name: '更多操作' }).getByRole('button', { name, exact: true }).click();
  }
}

journey('a record goes back with a reason and is claimed again, and each is told in its history', async (walker) => {
  const { page, watch } = walker;
  const api = await walker.enter('sales');
  const made = await own(api, `退回${unique()}`);
  await walker.open(`/f/customer/${made.id}`);
  await begin(walker, '退回公海');
  const dialog = page.getByRole('dialog', { name: '退回公海' });
  await walker.accessible('what an action asks for');
  await walker.fits('what an action asks for');
  await dialog.getByRole('button', { name: '退回公海' }).click();
  await dialog.getByText('这一项必填').waitFor();
  await dialog.getByText('联系不上').click();
  await dialog.getByRole('button', { name: '退回公海' }).dblclick();
  await walker.reads('「退回公海」已完成');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('unreachable').or(page.getByText('联系不上')).first().waitFor();
  expect((await api.get('customer', made.id)).values.owner).toBeUndefined();

  // They had it not long ago: the pool says so, in words, and nothing has changed.
  watch.expect(/^409 POST \/api\/v1\/forms\/customer\/records\/.*\/actions\/claim$/);
  await page.getByRole('button', { name: '领取', exact: true }).click();
  await walker.reads(/您不久前负责过该记录/);
  expect((await api.get('customer', made.id)).version).toBe(2);
  await walker.accessible('a record with what can be done to it');
});

journey('a lock is taken back by one click', async (walker) => {
  const { page } = walker;
  const api = await walker.enter('sales');
  const made = await own(api, `锁定${unique()}`);
  await walker.open(`/f/customer/${made.id}`);
  await begin(walker, '锁定');
  await page.getByRole('dialog', { name: '锁定' }).getByRole('button', { name: '锁定' }).click();
  await walker.reads('「锁定」已完成');
  const locked = (await api.get('customer', made.id)) as unknown as { pool?: { lockedUntil?: string } };
  expect(locked.pool?.lockedUntil).toBeTruthy();
  const undone = page.waitForResponse((answer) => answer.url().endsWith('/actions/unlock'));
  await page.getByRole('list', { name: '提示' }).getByRole('button', { name: '撤销' }).click();
  expect((await undone).status()).toBe(200);
});

journey(
  'what is selected in a list is dealt with at once, and those that could not be are told with their reasons',
  async (walker) => {
    const { page } = walker;
    const api = await walker.enter('sales');
    const word = unique();
    const made = await Promise.all(['甲', '乙'].map((one) => own(api, `批量${one}${word}`)));
    // One of them is no longer theirs by the time that they act.
    await walker.open(`/f/customer?view=all&q=${word}`);
    await page.getByRole('row').nth(2).waitFor();
    await page.getByRole('checkbox', { name: '全选已载入的记录' }).check();
    const bar = page.getByRole('toolbar', { name: '对所选记录的操作' });
    await bar.getByRole('button', { name: '退回公海' }).waitFor();
    await api.act('customer', made[0]?.id ?? '', 'return', { reason: 'noNeed' });
    await bar.getByRole('button', { name: '退回公海' }).click();
    const dialog = page.getByRole('dialog', { name: '退回公海' });
    await dialog.getByText('暂无需求').click();
    await dialog.getByRole('button', { name: '退回公海' }).click();
    await dialog.getByText('已完成').waitFor();
    await dialog.getByRole('link', { name: `批量甲${word}` }).waitFor();
    await dialog.getByText(/不能执行/).waitFor();
    await walker.accessible('the report of many');
    await dialog.getByRole('button', { name: '关闭' }).last().click();
    await bar.waitFor({ state: 'hidden' });
    expect((await api.get('customer', made[1]?.id ?? '')).values.owner).toBeUndefined();

    // The same from a row's own menu, also by the keyboard.
    await page.getByRole('row').nth(1).click({ button: 'right' });
    await page.getByRole('dialog', { name: '更多操作' }).getByRole('button', { name: '打开整页' }).waitFor();
    await walker.accessible('the menu of a row');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: '更多操作' }).waitFor({ state: 'hidden' });
  },
  { at: ['desk'] },
);

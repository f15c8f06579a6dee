// A salesperson's day: sign in, look, narrow, open, change; two people at one record; a new one; the board.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Api, type Stored } from './api';
import { accessible, open, signIn } from './browser';
import { launch, type Size } from './walk';

const base = inject('address');
let browser: Browser;
let sales: Api;

beforeAll(async () => {
  browser = await launch();
  sales = await Api.as(base, 'sales');
});
afterAll(() => browser.close());

/** An opportunity of the salesperson's own that no other journey touches. */
async function fresh(name: string): Promise<Stored> {
  const [buyer] = await sales.list('customer', { limit: '1' });
  return sales.create('opportunity', { name, customer: buyer?.id, amount: '1000.00', stage: 'contact' });
}

describe.each<Size>(['desk', 'phone'])('on a %s', (size) => {
  const visit = async (user = 'sales') => {
    const { page, complaints } = await open(browser, base, { size });
    await signIn(page, user);
    const done = async () => {
      expect(complaints).toEqual([]);
      await page.context().close();
    };
    return { page, done };
  };

  test('a wrong password is told, a right one leads home', async () => {
    const { page } = await open(browser, base, { size });
    await page.goto('/');
    await accessible(page, 'the door');
    await page.getByLabel('组织').fill('demo');
    await page.getByLabel('用户名').fill('sales');
    await page.getByLabel('密码').fill('wrong');
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('密码').fill('demo');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '我的工作台' }).waitFor();
    await accessible(page, 'home');
    await page.context().close();
  });

  test('narrow a list, open a record, change it, and find the change in its history', async () => {
    const name = `旅程 ${size} ${Date.now()}`;
    const made = await fresh(name);
    const { page, done } = await visit();
    await page.goto('/f/opportunity');
    await page.getByRole('button', { name: '全部商机' }).waitFor();
    await accessible(page, 'a list');

    await page.getByRole('button', { name: '筛选' }).click();
    await page.getByRole('button', { name: '添加条件', exact: true }).click();
    await page.getByLabel('值', { exact: true }).fill(name);
    await page.keyboard.press('Enter');
    await page.getByText('共 1 条').waitFor();
    await accessible(page, 'a filter');
    await page.keyboard.press('Escape');
    expect(new URL(page.url()).searchParams.get('f')).toContain(name);
    await page.reload();
    await page.getByText('共 1 条').waitFor();

    await page.getByText(name).first().click();
    await page.getByRole('heading', { name: new RegExp(name) }).waitFor();
    await accessible(page, 'a drawer');
    await page.getByRole('button', { name: '编辑' }).click();
    await page.getByRole('spinbutton', { name: '预计金额' }).fill('2500.5');
    await page.getByLabel('备注').fill('第一行\n第二行 😀');
    await accessible(page, 'a form');
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.getByText('已保存').waitFor();
    await page.getByText('¥2,500.50').first().waitFor();
    await page.getByText('修改了').waitFor();

    const now = await sales.get('opportunity', made.id);
    expect(now.values).toMatchObject({ amount: '2500.50', note: '第一行\n第二行 😀' });
    expect(now.version).toBe(made.version + 1);
    await done();
  });

  test('two people change one record: each field is chosen, nothing is lost', async () => {
    const made = await fresh(`争用 ${size} ${Date.now()}`);
    const { page, done } = await visit();
    await page.goto(`/f/opportunity/${made.id}`);
    await page.getByRole('button', { name: '编辑' }).click();
    await page.getByRole('spinbutton', { name: '预计金额' }).fill('7777');
    await page.getByLabel('备注').fill('我的备注');
    await sales.update('opportunity', made, { amount: '8888.00', competitors: ['对手'] });
    await page.getByRole('button', { name: '保存', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: '有人先保存了修改' });
    await dialog.waitFor();
    await accessible(page, 'a conflict');
    await dialog.getByRole('group', { name: '预计金额' }).getByText('对方的').click();
    await dialog.getByRole('button', { name: '按所选保存' }).click();
    await page.getByText('已保存').waitFor();
    const now = await sales.get('opportunity', made.id);
    expect(now.values).toMatchObject({ amount: '8888.00', note: '我的备注', competitors: ['对手'] });
    await done();
  });

  test('a new record says what is missing, works out its lines, and is made once however often one clicks', async () => {
    const name = `新建 ${size} ${Date.now()}`;
    const { page, done } = await visit();
    await page.goto('/f/opportunity/new');
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.getByText('还有 2 项需要修改').waitFor();
    await accessible(page, 'missing fields');
    expect(await page.getByLabel('商机名称').getAttribute('aria-invalid')).toBe('true');

    await page.getByLabel('商机名称').fill(name);
    await page.getByRole('combobox', { name: '客户', exact: true }).click();
    await page.locator('.ant-select-item-option').first().click();
    await page.getByRole('button', { name: '添加一行' }).click();
    await page.getByLabel('产品 1').click();
    await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').first().click();
    await page.getByLabel('数量 1').fill('3');
    await page.getByLabel('单价（含税） 1').fill('19.99');
    await page.getByText('¥59.97').first().waitFor();
    await page.getByRole('button', { name: '保存', exact: true }).dblclick();
    await page.waitForURL(/\/f\/opportunity\/[0-9A-Z]{26}/);
    const found = await sales.list('opportunity', { filter: JSON.stringify({ field: 'name', op: 'eq', value: name }) });
    expect(found).toHaveLength(1);
    expect(found[0]?.values).toMatchObject({ linesAmount: '59.97', probability: 10 });
    await done();
  });

  test('a card moves along the board, and what the rules ask for is asked on the way', async () => {
    const name = `看板 ${size} ${Date.now()}`;
    const made = await fresh(name);
    await sales.update('opportunity', made, { amount: '99999999.00' });
    const { page, done } = await visit();
    await page.goto('/f/opportunity?view=funnel');
    const card = page.locator(`[data-record="${made.id}"]`);
    await card.waitFor();
    await accessible(page, 'a board');
    if (size === 'desk') {
      await card.dragTo(page.getByRole('region', { name: '需求确认' }).locator('.lane-cards'));
    } else {
      await card.getByRole('button', { name: '移动卡片' }).click();
      await page.getByRole('button', { name: '移到「需求确认」' }).click();
    }
    await page.getByText('已移动').waitFor();
    expect((await sales.get('opportunity', made.id)).values.stage).toBe('need');

    await card.getByRole('button', { name: '移动卡片' }).click();
    await page.getByRole('button', { name: '移到「输单」' }).click();
    await page.getByText('还需要补充内容才能移动').waitFor();
    const drawer = page.getByRole('complementary', { name: '记录详情' });
    await drawer.getByRole('combobox', { name: '输单原因' }).click();
    await page.locator('.ant-select-item-option').first().click();
    await drawer.getByRole('button', { name: '保存', exact: true }).click();
    await page.getByText('已保存').waitFor();
    expect((await sales.get('opportunity', made.id)).values).toMatchObject({ stage: 'lost', lossReason: 'price' });
    await done();
  });
});

// A dashboard as its readers narrow it.
import { expect } from 'vitest';
import { Api } from './api';
import { journey } from './walk';

interface Row {
  metrics: (string | number | null)[];
}

journey('a choice above a dashboard narrows its numbers, stays in the address and goes along', async (walker) => {
  const { page, address, phone } = walker;
  await walker.enter('sales');
  const api = await Api.as(address, 'sales');
  const count = async (filter: string) => {
    const { rows } = await api.call<{ rows: Row[] }>('POST', '/forms/customer/aggregate', { filter });
    return String(rows[0]?.metrics[0] ?? 0);
  };
  const all = await count('owner == actor.id');
  const some = await count('owner == actor.id and source in ["website", "referral"]');
  expect(some).not.toBe(all);

  await walker.open('/');
  const mine = page.getByRole('region', { name: '我的客户' });
  await mine.getByRole('button', { name: all, exact: true }).waitFor();
  await page.getByRole('button', { name: '来源', exact: true }).click();
  const choices = page.getByRole('dialog', { name: '来源' });
  await choices.getByRole('checkbox', { name: '官网' }).check();
  await page.getByRole('checkbox', { name: '转介绍' }).check();
  await mine.getByRole('button', { name: some, exact: true }).waitFor();
  await walker.accessible('a dashboard with its choices open');
  await page.keyboard.press('Escape');
  await page.getByRole('region', { name: '待跟进' }).getByText('不受筛选影响').waitFor();
  await walker.fits('a narrowed dashboard');

  await page.reload();
  await mine.getByRole('button', { name: some, exact: true }).click();
  await walker.reads(`共 ${some} 条`);
  await page.goBack();
  await page.getByRole('button', { name: /^来源 官网/ }).waitFor();

  await page.getByRole('button', { name: '全屏' }).click();
  await page.getByRole('navigation', { name: '主菜单' }).waitFor({ state: 'hidden' });
  await walker.accessible('a dashboard alone on the screen');
  await page.getByRole('button', { name: '全屏' }).click();
  await page.getByRole('navigation', { name: '主菜单' }).waitFor();
  expect(phone || (await page.getByRole('link', { name: '首页' }).isVisible())).toBe(true);
});

journey('a number opens just the records that it counts', async (walker) => {
  const { page, address } = walker;
  await walker.enter('sales');
  const api = await Api.as(address, 'sales');
  const count = async (filter: string) => {
    const { rows } = await api.call<{ rows: Row[] }>('POST', '/forms/quote/aggregate', { filter });
    return String(rows[0]?.metrics[0] ?? 0);
  };
  const counted = await count('owner == actor.id and status == "submitted"');
  expect(counted).not.toBe(await count('owner == actor.id'));

  await walker.open('/');
  await page.getByRole('region', { name: '审批中的报价' }).getByRole('button', { name: counted, exact: true }).click();
  await walker.reads(`共 ${counted} 条`);
  await page.getByRole('button', { name: '筛选，1 个条件' }).click();
  await page.getByRole('group', { name: '并且' }).getByText('审批中的报价').waitFor();
  await walker.accessible('a list narrowed to what a number counts');
});

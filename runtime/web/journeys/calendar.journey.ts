// Records on their days.
import { expect } from 'vitest';
import { journey, unique } from './walk';

journey('a record stands on its day, is moved to another one, and the move is taken back', async (walker) => {
  const { page, phone } = walker;
  const api = await walker.enter('sales');
  const [mine] = await api.list('customer', { view: 'mine', limit: '1' });
  const said = `日历${unique()}`;
  const now = new Date();
  const day = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString().slice(0, 8);
  const made = await api.create('followUp', {
    customer: mine?.id,
    way: 'phone',
    content: said,
    nextAt: `${day}15T02:00:00Z`,
  });
  await walker.open(`/f/followUp?view=calendar&at=${day}15&q=${said}`);
  const cell = (number: number) => page.getByRole('region', { name: `${day}${number}` });
  await cell(15).getByText(said).waitFor();
  await walker.accessible('a calendar');
  await walker.fits('a calendar');
  if (phone) {
    await cell(15).getByRole('button', { name: /^移动/ }).click();
    await page.getByRole('button', { name: '推后一天' }).click();
  } else {
    await cell(15).getByRole('listitem').filter({ hasText: said }).dragTo(cell(16));
  }
  await cell(16).getByText(said).waitFor();
  await walker.reads('已移动');
  const moved = new Date(String((await api.get('followUp', made.id)).values.nextAt));
  expect(moved.toISOString()).toBe(`${day}16T02:00:00.000Z`);
  await page.getByRole('list', { name: '提示' }).getByRole('button', { name: '撤销' }).click();
  await cell(15).getByText(said).waitFor();
  await page.getByRole('button', { name: '周', exact: true }).click();
  await page.waitForURL(/span=week/);
  await walker.accessible('a week');
  await page.reload();
  await page.getByRole('button', { name: '周', exact: true, pressed: true }).waitFor();
});

// Cells of a list are changed in their place, by the keyboard and by the pointer.
import { expect } from 'vitest';
import { journey, unique } from './walk';

journey(
  'a cell is edited by keys alone, refused in its place, kept, and taken back',
  async (walker) => {
    const { page, watch } = walker;
    const api = await walker.enter('sales');
    const [buyer] = await api.list('customer', { limit: '1' });
    const name = `单元格${unique()}`;
    const made = await api.create('opportunity', { name, customer: buyer?.id, amount: '1000.00', stage: 'contact' });
    const amount = async () => (await api.get('opportunity', made.id)).values.amount;
    await walker.open(`/f/opportunity?view=all&q=${name}`);
    const row = page.getByRole('row').filter({ hasText: name });
    await row.waitFor();
    const cell = row.getByRole('gridcell').filter({ hasText: '¥1,000.00' });
    await cell.focus();
    await page.keyboard.press('F2');
    const input = row.getByRole('spinbutton', { name: '预计金额' });
    await input.fill('-5');
    watch.expect(/^422 PATCH \/api\/v1\/forms\/opportunity\/records\//);
    await page.keyboard.press('Enter');
    const fault = row.getByRole('alert');
    await fault.waitFor();
    const isOnTop = await fault.evaluate((node) => {
      const { left, top, width, height } = node.getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + height / 2) === node;
    });
    expect(isOnTop, 'what is wrong is not covered').toBe(true);
    await walker.accessible('a cell with a fault');
    await input.fill('2345.6');
    await page.keyboard.press('Enter');
    await page.getByText('已保存').waitFor();
    await row.getByText('¥2,345.60').waitFor();
    expect(await amount()).toBe('2345.60');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('gridcell');

    await walker.button('撤销').click();
    await row.getByText('¥1,000.00').waitFor();
    expect(await amount()).toBe('1000.00');

    await row.hover();
    await row.getByRole('button', { name: '编辑预计金额' }).click();
    await input.fill('77');
    await page.keyboard.press('Escape');
    await row.getByText('¥1,000.00').waitFor();
    expect(await amount()).toBe('1000.00');
  },
  { at: ['desk'] },
);

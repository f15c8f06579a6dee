// What is done without leaving where one is: a record made from within a form, cells pasted into its rows, a file
// looked at, a page for paper.
import { expect } from 'vitest';
import { journey, unique } from './walk';

journey(
  'what a form is to name is made within it, and its rows are filled from a spreadsheet',
  async (walker) => {
    const { page } = walker;
    const api = await walker.enter('sales');
    const [first, second] = await api.list('product', { limit: '2' });
    const name = `新客户${unique()}`;
    await walker.open('/f/quote/new');
    const buyer = walker.field('客户').getByRole('combobox');
    await buyer.fill(name);
    await page.getByRole('button', { name: `新建客户 ${name}` }).click();
    const dialog = page.getByRole('dialog', { name: '新建客户' });
    await walker.accessible('a record made within a form');
    await dialog.getByRole('button', { name: '保存' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await walker.field('客户').getByText(name).waitFor();
    expect(await api.list('customer', { q: name })).toHaveLength(1);

    await walker.button('添加一行').click();
    await page.getByRole('combobox', { name: '产品 1' }).focus();
    const cells = [first, second].map((one, n) => `${one?.values.name}\t${n + 2}`).join('\n');
    await page.evaluate((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', `${text}\nnothing\t9`);
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(event);
    }, cells);
    await page.getByText('1 个单元格认不出，已略过：nothing').waitFor();
    const table = page.getByRole('table', { name: '产品明细' });
    await table.getByText(String(second?.values.name)).waitFor();
    expect(await page.getByRole('spinbutton', { name: '数量 2' }).inputValue()).toMatch(/^3/);
    await page.getByRole('spinbutton', { name: '数量 3' }).press('Alt+ArrowUp');
    expect(await page.getByRole('spinbutton', { name: '数量 2' }).inputValue()).toMatch(/^9/);
    await walker.accessible('rows of a form');
  },
  { at: ['desk'] },
);

journey(
  'a record is printed as what it is, and done with from the palette',
  async (walker) => {
    const { page } = walker;
    const api = await walker.enter('sales');
    const [quote] = await api.list('quote', { limit: '1' });
    await walker.open(`/f/quote/${quote?.id}`);
    await page.getByRole('heading', { name: '产品明细' }).waitFor();
    await page.locator('.comment-box').waitFor(); // all that could be pressed is there
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(await page.getByRole('button').count()).toBe(1); // where it stands
    expect(await page.getByRole('table').count()).toBe(1);
    await page.emulateMedia({ media: 'screen' });
    await page.keyboard.press('Control+/');
    await page.getByRole('dialog', { name: '键盘快捷键' }).waitFor();
    await walker.accessible('the sheet of keys');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: '后台任务' }).waitFor();
    await walker.accessible('the palette');
  },
  { at: ['desk'] },
);

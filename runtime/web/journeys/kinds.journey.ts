// Each of the kinds of fields that are more than a text or a choice: typed, saved, read again, and compared with what
// the server keeps.
import { expect } from 'vitest';
import { kinds } from './api';
import { journey, unique, type Walker } from './walk';

/** Draws a line on the page for signatures, as a finger or a pen would. */
async function sign({ page }: Walker) {
  const paper = page.getByRole('img', { name: /手写签名区域/ });
  await paper.scrollIntoViewIfNeeded();
  const box = await paper.boundingBox();
  if (!box) throw new Error('there is nothing to sign');
  await page.mouse.move(box.x + 20, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 20, { steps: 6 });
  await page.mouse.move(box.x + box.width - 20, box.y + box.height / 2, { steps: 6 });
  await page.mouse.up();
  await page.getByRole('button', { name: '完成签名' }).click();
  await page.getByRole('button', { name: '重新签名' }).waitFor();
}

async function choose(walker: Walker, label: string, place: number, text: string | RegExp) {
  await walker.field(label).getByRole('combobox').nth(place).click();
  await walker.option(text).first().click();
}

journey('each kind of field is typed, saved and read as it was', async (walker) => {
  const { page, watch } = walker;
  const api = await walker.enter('keeper', kinds);
  const name = `Saw ${unique()}`;
  const part = await api.create('part', { name: `Blade ${unique()}` });
  await walker.open('/f/thing/new');
  await walker.type('Name', name);
  await walker.field('Stars').getByTitle('6', { exact: true }).click();
  await walker.field('Clock').locator('input').fill('09:30');
  await walker.type('Spell', '90');
  await walker.field('Period').getByLabel('开始日期').fill('2026-03-01');
  await walker.field('Period').getByLabel('结束日期').fill('2026-03-31');
  await walker.type('Card', '110105194912310021');
  await choose(walker, 'Units', 0, 'Sales');
  await page.keyboard.press('Escape');
  await choose(walker, 'About', 0, 'Part');
  await walker.field('About').getByRole('combobox').nth(1).click();
  await page.keyboard.type(String(part.values.name));
  await walker.option(String(part.values.name)).first().click();
  await sign(walker);
  await walker.type('Notes', '# 水泵\n\n- **要快**');
  await walker.button('预览').click();
  await walker.field('Notes').getByRole('heading', { name: '水泵' }).waitFor();
  await walker.button('继续编辑').click();
  const rich = page.getByRole('textbox', { name: 'Page' });
  await rich.click();
  await page.keyboard.type('一把');
  await walker.field('Page').getByRole('button', { name: '粗体' }).click();
  await page.keyboard.type('锯');
  await walker.type('Extra', '{"a": [1.50, ');
  await walker.reads('还不是有效的 JSON。');
  await walker.type('Extra', '{"a": [1.50, 12345678901234567890]}');
  await walker.accessible('a form of every kind');
  await walker.fits('a form of every kind');

  watch.expect(/^422 POST \/api\/v1\/forms\/thing\/records$/);
  await walker.save();
  await walker.field('Card').getByRole('alert').waitFor();
  await walker.type('Card', '11010519491231002x');
  await walker.save();
  await page.waitForURL(/\/f\/thing\/[0-9A-Z]{26}/);
  const id = /[0-9A-Z]{26}/.exec(page.url())?.[0] ?? '';
  const kept = await api.get('thing', id);
  expect(kept.values).toMatchObject({
    name,
    stars: 6,
    clock: '09:30',
    spell: 5400,
    period: { start: '2026-03-01', end: '2026-03-31' },
    card: '11010519491231002X',
    units: [{ title: 'Sales' }],
    about: { form: 'part', id: part.id },
    hand: [{ name: 'signature.png' }],
    notes: '# 水泵\n\n- **要快**',
    page: '<p>一把<strong>锯</strong></p>',
    extra: '{"a":[1.50,12345678901234567890]}',
  });

  await page.reload();
  await walker.button('编辑').waitFor();
  await walker.settled();
  for (const text of ['09:30', '1 小时 30 分', '2026-03-01 ~ 2026-03-31', '11010519491231002X', 'Sales', '要快', '锯'])
    await walker.reads(text);
  await page.getByRole('img', { name: '签名' }).waitFor();
  await walker.reads(/12345678901234567890/);
  await walker.accessible('a record of every kind');
  await walker.fits('a record of every kind');

  // Opened and saved again untouched, it is the same; then each is emptied.
  await walker.button('编辑').click();
  await page.getByRole('button', { name: '清除评分' }).click();
  await walker.field('Clock').locator('input').fill('');
  await walker.type('Spell', '');
  await walker.field('Period').getByLabel('开始日期').fill('');
  await walker.field('Period').getByLabel('结束日期').fill('');
  await walker.type('Card', '');
  await page.getByRole('button', { name: '重新签名' }).click();
  await walker.type('Notes', '');
  await walker.type('Extra', '');
  await walker.save();
  await walker.button('编辑').waitFor();
  const { page: text, about, units } = kept.values;
  const emptied = await api.get('thing', id);
  expect(emptied.values).toMatchObject({ name, page: text, about, units });
  for (const key of ['stars', 'clock', 'spell', 'period', 'card', 'hand', 'notes', 'extra'])
    expect(emptied.values[key], key).toBeUndefined();
});

journey(
  'a follow-up says how long it took and which order it was about, and the order has its delivery and a signature',
  async (walker) => {
    const { page } = walker;
    const manager = await walker.enter('manager');
    const api = await walker.enter('sales');
    const [buyer] = await api.list('customer', { limit: '1' });
    const title = `交付${unique()}`;
    const order = await api.create('salesOrder', {
      customer: buyer?.id,
      orderDate: '2026-03-01',
      status: 'submitted',
      externalNumber: title,
      lines: [
        {
          product: (await api.list('product', { limit: '1', filter: 'onShelf == true' }))[0]?.id,
          quantity: 1,
          price: '10.00',
        },
      ],
    });
    await manager.update('salesOrder', order, { status: 'approved' });
    await walker.open(`/f/salesOrder/${order.id}`);
    await walker.button('编辑').click();
    await page.getByRole('tab', { name: '合同与交付' }).click();
    await walker.field('交付期间').getByLabel('开始日期').fill('2026-03-02');
    await walker.field('交付期间').getByLabel('结束日期').fill('2026-03-20');
    await sign(walker);
    await walker.save();
    await walker.button('编辑').waitFor();
    await walker.reads('2026-03-02 ~ 2026-03-20');
    const signed = await api.get('salesOrder', order.id);
    expect(signed.values).toMatchObject({
      delivery: { start: '2026-03-02', end: '2026-03-20' },
      acceptance: [{ name: 'signature.png' }],
    });

    await walker.open('/f/followUp/new');
    await choose(walker, '客户', 0, /\S/);
    await choose(walker, '关联单据', 0, '销售订单');
    await walker.field('关联单据').getByRole('combobox').nth(1).click();
    await page.keyboard.type(String(order.values.number));
    await walker.option(String(order.values.number)).first().click();
    await walker.type('用时', '1:30');
    await walker.type('跟进内容', title);
    await walker.save();
    await page.waitForURL(/\/f\/followUp\/[0-9A-Z]{26}/);
    await walker.reads('1 小时 30 分');
    const [told] = await api.list('followUp', {
      filter: JSON.stringify({ field: 'about', op: 'eq', value: `salesOrder:${order.id}` }),
    });
    expect(told?.values).toMatchObject({ content: title, spent: 5400, about: { form: 'salesOrder', id: order.id } });
  },
);

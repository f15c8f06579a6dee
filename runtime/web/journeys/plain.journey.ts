// The kinds of fields that every form has: typed, saved, read again, and compared with what the server keeps. The
// rarer ones are in kinds.journey.ts.
import type { Response } from 'playwright-core';
import { expect } from 'vitest';
import { kinds } from './api';
import { journey, unique, type Walker } from './walk';

const choose = (walker: Walker, label: string, ...texts: string[]) =>
  pick(walker, label, texts, (text) => walker.page.keyboard.type(text));

/** The same of records: until the server has answered, the list that is open is about to move. */
const find = (walker: Walker, label: string, ...texts: string[]) =>
  pick(walker, label, texts, async (text) => {
    const asks = (one: Response) => [...new URL(one.url()).searchParams.values()].includes(text);
    const answer = walker.page.waitForResponse(asks);
    await walker.page.keyboard.type(text);
    await answer;
    await walker.settled();
  });

async function pick(walker: Walker, label: string, texts: string[], type: (text: string) => Promise<unknown>) {
  const { page } = walker;
  await walker.field(label).getByRole('combobox').first().click();
  for (const text of texts) {
    await type(text);
    await walker.option(text).first().click();
    await walker.field(label).getByText(text).filter({ visible: true }).first().waitFor();
  }
  await page.keyboard.press('Escape');
}

/** A day or a minute: a phone brings a picker of its own, elsewhere one types. */
async function time(walker: Walker, label: string, text: string) {
  const { page, phone } = walker;
  const input = walker.field(label).locator('input');
  if (phone) return input.fill(text.replace(' ', 'T'));
  await input.fill(text);
  await page.keyboard.press('Enter');
}

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

journey('each plain kind of field is typed, saved and read as it was', async (walker) => {
  const { page } = walker;
  const api = await walker.enter('keeper', kinds);
  const name = `Plane ${unique()}`;
  const like = await api.create('thing', { name: `Like ${unique()}`, price: '5.00' });
  const parts = await Promise.all(['x', 'y'].map((one) => api.create('part', { name: `Part ${one}${unique()}` })));
  await walker.open('/f/thing/new');
  await walker.type('Name', name);
  await walker.type('Story', 'first\nsecond 😀');
  const typed = { Whole: '12', Exact: '0.125', Price: '1234.5', Yen: '900', Rate: '12.5' };
  for (const [label, text] of Object.entries(typed))
    await walker.field(label).getByRole('spinbutton').first().fill(text);
  await walker.field('Sealed').getByRole('switch').click();
  await choose(walker, 'Tier', 'B');
  // Two clicks at one place at once are a double click, whose second one the app takes for the same.
  await choose(walker, 'Colours', 'red');
  await choose(walker, 'Colours', 'blue');
  await walker.field('Path').getByRole('combobox').click();
  await page
    .getByRole('menuitemcheckbox', { name: 'Tools' })
    .or(page.locator('.ant-cascader-menu-item'))
    .first()
    .click();
  await page.locator('.ant-cascader-menu-item').filter({ hasText: 'saws' }).click();
  await page.keyboard.press('Escape');
  await choose(walker, 'Stage', 'open');
  await walker.field('Tags').getByRole('combobox').click();
  await page.keyboard.type('quick,ready,');
  await time(walker, 'Day', '2026-03-05');
  await time(walker, 'Moment', '2026-03-05 14:30');
  await walker.type('Phone', '13800001234');
  await walker.type('Email', 'saw@example.com');
  await walker.type('Site', 'https://example.com/saw?a=1');
  await choose(walker, 'Who', 'keeper');
  await choose(walker, 'Crew', 'keeper', 'viewer');
  await choose(walker, 'Unit', 'Sales');
  await find(walker, 'Like', String(like.values.name));
  await find(walker, 'Parts', ...parts.map((one) => String(one.values.name)));
  await walker.field('Lines').getByRole('button', { name: '添加一行' }).click();
  await page.getByLabel('Item 1').fill('blade');
  await page.getByLabel('Count 1').fill('3');
  await page.getByLabel('Price 1').fill('1.25');
  const files = walker.field('Papers').locator('input[type=file]');
  await files.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('plain') });
  await walker.field('Papers').getByText('notes.txt').waitFor();
  const photo = walker.field('Photo').locator('input[type=file]');
  await photo.setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: picture });
  await walker.field('Photo').getByRole('img').first().waitFor();
  await walker.accessible('a form of plain kinds');
  await walker.fits('a form of plain kinds');

  await walker.save();
  await page.waitForURL(/\/f\/thing\/[0-9A-Z]{26}/);
  const id = /[0-9A-Z]{26}/.exec(page.url())?.[0] ?? '';
  const kept = await api.get('thing', id);
  expect(kept.values).toMatchObject({
    name,
    story: 'first\nsecond 😀',
    whole: 12,
    exact: '0.125',
    price: '1234.50',
    yen: 900,
    rate: '12.5',
    sealed: true,
    tier: 'B',
    colours: ['red', 'blue'],
    path: ['tools', 'saws'],
    stage: 'open',
    tags: ['quick', 'ready'],
    day: '2026-03-05',
    phone: '13800001234',
    email: 'saw@example.com',
    site: 'https://example.com/saw?a=1',
    who: { title: 'keeper' },
    crew: [{ title: 'keeper' }, { title: 'viewer' }],
    unit: { title: 'Sales' },
    like: { id: like.id },
    likeName: like.values.name,
    likePrice: '5.00',
    parts: parts.map((one) => ({ id: one.id })),
    lines: [{ item: 'blade', count: 3, price: '1.25' }],
    says: name,
    papers: [{ name: 'notes.txt' }],
    photo: [{ name: 'dot.png' }],
  });
  expect(new Date(String(kept.values.moment)).toISOString()).toBe('2026-03-05T06:30:00.000Z');
  expect(kept.values.code).toMatch(/^T-\d{4}-\d{3}$/);

  await page.reload();
  await walker.button('编辑').waitFor();
  await walker.settled();
  for (const text of ['0.125', '12.5%', '2026-03-05 14:30', 'Tools / saws', 'quick', 'blade', 'notes.txt'])
    await walker.reads(text);
  await walker.accessible('a record of plain kinds');
  await walker.fits('a record of plain kinds');
  // Opened and saved again untouched, nothing has changed.
  await walker.button('编辑').click();
  await walker.type('Story', 'third');
  await walker.save();
  await walker.button('编辑').waitFor();
  const again = await api.get('thing', id);
  expect({ ...again.values, story: undefined }).toEqual({ ...kept.values, story: undefined });
});

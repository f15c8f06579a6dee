// Much and strange: a form of 200 fields, a text of 10,000 characters, names in other scripts and directions.
import { expect } from 'vitest';
import type { Api } from '../api';
import { formOf, label, publish } from '../publish';
import { journey, unique, type Walker } from '../walk';

const count = 200;
/** One of this file's own, so that it runs on a company that is there already. */
const key = `wide${unique()}`;

/** A field of each of the plain kinds in turn. */
const kinds: object[] = [
  { 'x-field': 'text', maxLength: 200 },
  { 'x-field': 'number', 'x-scale': 2 },
  { 'x-field': 'date' },
  { 'x-field': 'boolean' },
  { 'x-field': 'currency', 'x-currency': 'CNY', 'x-scale': 2 },
];

function wide() {
  const fields = Array.from({ length: count - 2 }, (_, n) => [
    `f${n + 1}`,
    { ...kinds[n % kinds.length], 'x-label': label(`列${n + 1}`) },
  ]);
  return formOf(key, '宽表', 'name', {
    name: { 'x-field': 'text', 'x-label': label('名称'), 'x-search': true, maxLength: 200 },
    long: { 'x-field': 'multiline', 'x-label': label('长文'), maxLength: 12_000 },
    ...Object.fromEntries(fields),
  });
}

const all = ['name', 'long', ...Array.from({ length: count - 2 }, (_, n) => `f${n + 1}`)];
const anew = new RegExp(`/f/${key}/[0-9A-Z]{26}`);
const view = { key: 'all', form: key, label: label('全部'), kind: 'table', columns: all };

/** Publishes it once for all walks of this file. */
const published = new Map<string, Promise<void>>();
async function enter(walker: Walker): Promise<Api> {
  const { address } = walker;
  const once = published.get(address) ?? publish(address, wide(), { [`forms/${key}/views/all.json`]: view });
  published.set(address, once);
  await once;
  return walker.enter('director');
}

journey(
  'a form of 200 fields is filled from its first to its last, and shown in a list of 200 columns',
  async (walker) => {
    const { page, phone } = walker;
    const api = await enter(walker);
    const name = `宽${unique()}`;
    await walker.open(`/f/${key}/new`);
    await walker.type('名称', name);
    await walker.type('列1', '头');
    await walker.type('列196', '尾');
    await walker.field('列197').getByRole('spinbutton').fill('-1234567.89');
    await walker.accessible('a form of 200 fields');
    await walker.fits('a form of 200 fields');
    await walker.save();
    await page.waitForURL(anew);
    const [made] = await api.list(key, { q: name });
    expect(made?.values).toMatchObject({ name, f1: '头', f196: '尾', f197: '-1234567.89' });
    await walker.reads('尾');
    await walker.fits('a record of 200 fields');

    await walker.open(`/f/${key}?q=${name}`);
    if (phone) {
      await page.getByRole('listitem').filter({ hasText: name }).first().waitFor();
      await walker.fits('cards of 200 fields');
      return;
    }
    const row = page.getByRole('row').filter({ hasText: name });
    await row.getByRole('gridcell').nth(1).focus();
    await page.keyboard.press('End');
    const last = row.locator(`[data-at="0:${count - 1}"]`);
    await last.waitFor();
    expect(await last.evaluate((cell) => cell === document.activeElement)).toBe(true);
    const box = await last.boundingBox();
    expect(box && box.x + box.width).toBeLessThanOrEqual(1440);
    await walker.fits('a list of 200 columns');
    await walker.accessible('a list of 200 columns');
  },
);

journey('a text of 10,000 characters is typed, kept, shown and changed to the last character', async (walker) => {
  const { page } = walker;
  const api = await enter(walker);
  const name = `长${unique()}`;
  const long = `${'潮汐 tide 😀\n'.repeat(1_200)}`.slice(0, 9_999).concat('末');
  expect(long).toHaveLength(10_000);
  await walker.open(`/f/${key}/new`);
  await walker.type('名称', name);
  await walker.type('长文', long);
  await walker.save();
  await page.waitForURL(anew);
  await walker.button('编辑').waitFor();
  const [made] = await api.list(key, { q: name });
  expect(made?.values.long).toBe(long);
  await walker.fits('a record with a long text');
  await walker.accessible('a record with a long text');
  await walker.button('编辑').click();
  expect(await walker.field('长文').getByRole('textbox').inputValue()).toBe(long);
  await walker.type('长文', `${long}末`);
  await walker.save();
  await walker.button('编辑').waitFor();
  expect((await api.get(key, made?.id ?? '')).values.long).toBe(`${long}末`);
  // More than fits is not cut in silence: it stays, and by how much it is too long is told.
  await walker.button('编辑').click();
  const over = `${long}${'长'.repeat(12_000)}`;
  await walker.type('长文', over);
  await page.keyboard.press('Tab');
  await walker
    .field('长文')
    .getByRole('alert')
    .filter({ hasText: /最多 12000 个字符，超出了 \d+ 个/ })
    .waitFor();
  expect(await walker.field('长文').getByRole('textbox').inputValue()).toBe(over);
  await walker.button('取消').first().click();
  await walker.open(`/f/${key}?q=${name}`);
  await page
    .getByRole(walker.phone ? 'listitem' : 'row')
    .filter({ hasText: name })
    .first()
    .waitFor();
  await walker.fits('a list with a long text');
});

const names = ['👩‍👩‍👧‍👦 家庭装 🇨🇳', 'שלום עולם ABC', 'مرحبا 123 شركة', 'Zoe\u0308 e\u0301 ﬁ', '𠮷野家 㐂'];

journey('names of other scripts and directions are typed, found and read as they are', async (walker) => {
  const { page, phone } = walker;
  const api = await enter(walker);
  const mark = unique();
  for (const name of names) {
    await walker.open(`/f/${key}/new`);
    await walker.type('名称', `${name} ${mark}`);
    await walker.save();
    await page.waitForURL(anew);
    await walker.button('编辑').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain(mark);
  }
  const kept = (await api.list(key, { q: mark })).map((one) => String(one.values.name).normalize());
  expect(kept.sort()).toEqual(names.map((name) => `${name} ${mark}`.normalize()).sort());
  await walker.open(`/f/${key}?q=${mark}`);
  const rows = page.getByRole(phone ? 'listitem' : 'row').filter({ hasText: mark });
  await rows.nth(names.length - 1).waitFor();
  await walker.fits('names of other scripts');
  await walker.accessible('names of other scripts');
  // A word that turns the direction turns nothing beside it.
  for (const row of await rows.all()) expect(await row.evaluate((one) => getComputedStyle(one).direction)).toBe('ltr');
});

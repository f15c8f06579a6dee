// What people type is shown as they typed it, and never runs.
import { expect } from 'vitest';
import { journey, unique, type Walker } from './walk';

const markup = '<img src=x onerror="globalThis.bitten=1"><script>globalThis.bitten=1</script>"\'>{{bitten=1}}';
const others = 'שלום ABC 👩‍👩‍👧 e\u0301';

async function unbitten({ page }: Walker, where: string) {
  expect(await page.evaluate(() => (globalThis as { bitten?: number }).bitten), where).toBeUndefined();
  expect(await page.locator('img[src="x"]').count(), where).toBe(0);
}

/** Text fields of a form, by the catalog that the person sees, each with something hostile that fits. */
async function hostileValues({ page }: Walker, form: string): Promise<Record<string, string>> {
  const answer = await page.request.get('/api/v1/catalog');
  const { forms } = (await answer.json()) as {
    forms: { key: string; fields: { key: string; readOnly?: boolean; computed?: boolean; definition: Definition }[] }[];
  };
  const fields = forms.find((one) => one.key === form)?.fields ?? [];
  const texts = fields.filter(
    ({ definition, readOnly, computed }) =>
      kinds.has(definition['x-field']) && !definition.pattern && !readOnly && !computed,
  );
  return Object.fromEntries(texts.map(({ key, definition }) => [key, markup.slice(0, definition.maxLength ?? 1000)]));
}

interface Definition {
  'x-field': string;
  maxLength?: number;
  pattern?: string;
}
const kinds = new Set(['text', 'multiline']);

journey('markup in every text field is text in the list, the record, its history and the search', async (walker) => {
  const { page } = walker;
  const api = await walker.enter('sales');
  const mark = unique();
  const { code: _unique, ...values } = await hostileValues(walker, 'customer');
  expect(Object.keys(values).length).toBeGreaterThan(4);
  const name = `${mark}${markup}`.slice(0, 120);
  const made = await api.create('customer', {
    ...values,
    name,
    taxNo: `91000000MA${String(Date.now()).slice(-7)}X`, // nobody has it twice
    tags: [markup.slice(0, 30)],
  });
  await api.update('customer', made, { need: `${others}${markup}`, shortName: '<b>b</b>' });

  await walker.open(`/f/customer?q=${mark}`);
  await walker.reads(name.slice(0, 40));
  await unbitten(walker, 'the list');
  await walker.open(`/f/customer?view=byStatus&q=${mark}`);
  await walker.reads(name.slice(0, 40));
  await unbitten(walker, 'the board');
  await walker.open(`/f/customer/${made.id}`);
  await walker.reads('<b>b</b>');
  await page.getByRole('region', { name: '动态' }).getByText('<b>b</b>').first().waitFor();
  await unbitten(walker, 'the record and its history');
  await walker.button('编辑').click();
  expect(await walker.field('简称').getByRole('textbox').inputValue()).toBe('<b>b</b>');
  await unbitten(walker, 'the form');
  await walker.button('取消').click();

  if (walker.phone) await walker.button('搜索').click();
  else await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: '搜索与命令' }).fill(mark);
  await page.getByRole('option', { name: mark }).waitFor();
  await walker.accessible('the palette');
  await unbitten(walker, 'the search');
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(made.id));
});

journey(
  'a text as long as its field allows is kept to the last character',
  async (walker) => {
    const { page } = walker;
    const api = await walker.enter('sales');
    const made = await api.create('customer', { name: `长文${unique()}` });
    const long = `${'潮汐 tide\n'.repeat(500)}末`.slice(-4000);
    await walker.open(`/f/customer/${made.id}`);
    await walker.button('编辑').click();
    await walker.type('需求', long);
    await walker.save();
    await walker.button('编辑').waitFor();
    expect((await api.get('customer', made.id)).values.need).toBe(long);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  },
  { at: ['phone'] },
);

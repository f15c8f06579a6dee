// What people type is shown as they typed it, and never runs.
import { expect } from 'vitest';
import type { Stored } from './api';
import { markup, unbitten } from './markup';
import { journey, unique, type Walker } from './walk';

const others = 'שלום ABC 👩‍👩‍👧 e\u0301';

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

  await walker.open(`/f/customer?view=all&q=${mark}`);
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
  'markup is text where it is picked, told, brought in and taken out',
  async (walker) => {
    const { page, address } = walker;
    const manager = await walker.enter('manager');
    const [east] = await manager.list('customer', { view: 'ownerless', limit: '1' });
    const sales = await walker.enter('sales');
    const mark = unique();
    const name = `${mark}${markup}`.slice(0, 120);
    const made = await manager.create('customer', { name, zone: east?.values.zone, owner: await sales.me() });
    expect(made.values.name).toBe(name);

    await walker.open('/f/opportunity/new');
    await walker.field('客户').getByRole('combobox').click();
    await page.keyboard.type(mark);
    await walker.option(mark).click();
    await walker.settled();
    await unbitten(walker, 'a picker');
    await page.getByRole('button', { name: /^通知/ }).click();
    await page.getByRole('dialog', { name: /^通知/ }).getByText(mark).first().waitFor();
    await unbitten(walker, 'what one is told');

    // A file with markup in its name, its heads and its cells.
    await walker.open('/f/customer/import');
    const rows = [
      `客户名称,<b>头</b>`,
      `"${name.slice(0, -1).replaceAll('"', '""')}二","=1+1"`,
      `"<i>${mark}</i>",${'很长'.repeat(200)}`,
    ];
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: '<img src=x>.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
    await page.getByText('<b>头</b>').waitFor();
    await unbitten(walker, 'the columns of a file');
    await walker.button('试运行').click();
    await walker.button('新建 2').waitFor();
    await unbitten(walker, 'a trial');

    // What is taken out reads back as it was, and no browser opens it as a page.
    await page.goto('about:blank'); // the page of before would go on asking, as somebody else
    const director = await walker.enter('director');
    for (const format of ['xlsx', 'csv'] as const) {
      const asked = { format, q: mark, columns: ['name'] };
      const { id: job } = await director.call<Stored>('POST', '/forms/customer/export', asked);
      const { result } = await director.ended(job);
      const answer = await page.request.get(`/api/v1/files/${result}`);
      expect(answer.headers()['content-disposition']).toMatch(/^attachment/);
      expect(answer.headers()['x-content-type-options']).toBe('nosniff');
      const sent = await page.request.post(`${address}/api/v1/files`, {
        headers: { 'X-Tidewater': 'web' },
        multipart: { file: { name: `out.${format}`, mimeType: 'text/plain', buffer: await answer.body() } },
      });
      const { id } = (await sent.json()) as { id: string };
      const look = await director.call<{ columns: { samples: string[] }[] }>('POST', '/forms/customer/import/look', {
        file: id,
      });
      // A sample is the beginning of a cell.
      expect(
        look.columns.map(({ samples }) => samples[0]?.slice(0, 60)),
        format,
      ).toContain(name.slice(0, 60));
    }
  },
  { at: ['desk'] },
);

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

// Markup that people typed into every text of every form is shown as they typed it, wherever it comes to be seen.
import { expect } from 'vitest';
import type { Api, Stored } from '../api';
import { markup, unbitten } from '../markup';
import { journey, unique } from '../walk';

interface Definition {
  'x-field': string;
  'x-unique'?: boolean;
  'x-compute'?: string;
  readOnly?: boolean;
  maxLength?: number;
  pattern?: string;
  properties?: Record<string, Definition>;
}
interface Form {
  key: string;
  title: string;
  rights: { create: boolean };
  views: { key: string; filter?: string }[];
  fields: { key: string; readOnly?: boolean; computed?: boolean; definition: Definition }[];
}

const files = new Set(['attachment', 'image', 'signature', 'autonumber']);
const said = (definition: Definition, mark: string) => `${mark}${markup}`.slice(0, definition.maxLength ?? 1000);

/** A value as it is sent again: what names something by its id, and markup in place of each text. */
function again(value: unknown, definition: Definition, mark: string): unknown {
  const kind = definition['x-field'];
  if ((kind === 'text' || kind === 'multiline') && !definition.pattern) return said(definition, mark);
  if (kind === 'markdown') return `# ${mark}\n\n${markup}\n\n[x](javascript:globalThis.bitten=1)`;
  if (kind === 'richtext') return `<p>${mark}&lt;img src=x&gt;</p>`;
  if (kind === 'tags') return [said({ ...definition, maxLength: 20 }, '')];
  if (kind === 'table') {
    const columns = Object.entries(definition.properties ?? {}).filter(([, one]) => !one['x-compute'] && !one.readOnly);
    return (value as Record<string, unknown>[]).map((row) =>
      Object.fromEntries(
        columns.flatMap(([key, one]) => {
          const cell = again(row[key], one, mark);
          return cell === undefined ? [] : [[key, cell]];
        }),
      ),
    );
  }
  if (Array.isArray(value)) return value.map((one) => (isNamed(one) ? one.id : one));
  return isNamed(value) ? value.id : value;
}
const isNamed = (value: unknown): value is { id: string } =>
  typeof value === 'object' && value !== null && 'id' in value && !('form' in value);

/** Another text of the same shape, or 18 digits; nothing where neither fits. */
function shaped(key: string, value: unknown, pattern: string): [string, unknown][] {
  const any = (of: string) => of[Math.floor(Math.random() * of.length)] ?? '';
  const text = String(value ?? '9'.repeat(18))
    .replace(/\d/g, () => any('0123456789'))
    .replace(/[a-z]/g, () => any('abcdefghijklmnopqrstuvwxyz'));
  return new RegExp(pattern).test(text) ? [[key, text]] : [];
}

/** A record like one that is there, with markup in every text. */
async function hostile(api: Api, form: Form, mark: string): Promise<Stored | undefined> {
  const [like] = await api.list(form.key, { limit: '1' });
  if (!like) return undefined;
  const { values } = await api.get(form.key, like.id);
  const made = form.fields.flatMap(({ key, readOnly, computed, definition }): [string, unknown][] => {
    const kind = definition['x-field'];
    const isText = ['text', 'multiline', 'markdown', 'richtext', 'tags'].includes(kind);
    if (readOnly || computed || files.has(kind)) return [];
    if (isText && definition.pattern) return shaped(key, values[key], definition.pattern);
    if (values[key] === undefined && !isText) return [];
    if (['phone', 'email', 'idcard'].includes(kind)) return [];
    return [[key, again(values[key], definition, mark)]];
  });
  return api.create(form.key, Object.fromEntries(made));
}

journey(
  'markup in every text of every form is text in its list, its record, its history and on paper',
  async (walker) => {
    const { page, phone } = walker;
    const api = await walker.enter('director');
    const { forms, menu } = await api.call<{ forms: Form[]; menu: string[] }>('GET', '/catalog');
    const creatable = forms.filter(({ key, rights }) => menu.includes(key) && rights.create);
    expect(creatable.length).toBeGreaterThan(5);
    for (const form of creatable) {
      const mark = unique();
      const made = await hostile(api, form, mark);
      if (!made) throw new Error(`there is no ${form.key} to take after`);
      // What a list opens with may be what is one's own; the record is somebody's.
      const view = form.views.find(({ filter }) => !filter) ?? form.views[0];
      await walker.open(`/f/${form.key}?view=${view?.key}&sort=-createdAt`);
      await page
        .getByRole('main')
        .getByText(mark)
        .or(page.getByRole('main').getByRole(phone ? 'listitem' : 'row'))
        .first()
        .waitFor();
      await unbitten(walker, `the list of ${form.key}`);
      await walker.open(`/f/${form.key}/${made.id}`);
      await walker.settled();
      await walker.reads(new RegExp(mark));
      await unbitten(walker, `the record of ${form.key}`);
      await walker.fits(`the record of ${form.key}`);
      await page.emulateMedia({ media: 'print' });
      await unbitten(walker, `the record of ${form.key} on paper`);
      await page.emulateMedia({ media: null });
      const edit = walker.button('编辑');
      if (!(await edit.count())) continue;
      await edit.click();
      await walker.settled();
      await unbitten(walker, `the form of ${form.key}`);
      await walker.button('取消').click();
    }
  },
);

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { RecordView } from '../api';
import { registry } from '../form/fields/registry';
import type { Column } from '../grid/columns';
import { type Catalog, type Form, WorldProvider } from '../meta';
import { book, defOf, label } from '../test/world';
import { RowMenu } from './RowMenu';

vi.mock('@tanstack/react-router', () => ({ useNavigate: () => () => undefined, Link: () => null }));

const note = {
  key: 'note',
  label: label('书评'),
  title: 'text',
  fields: [
    { key: 'of', definition: { ...defOf('reference'), 'x-label': label('评哪本') } },
    { key: 'also', definition: defOf('reference') },
    { key: 'text', definition: defOf('text') },
  ],
  views: [],
  rights: { create: true, read: true, update: true, delete: true, export: true },
  required: ['of'],
} as unknown as Form;
const other = { ...note, key: 'sale', label: label('销售'), rights: { ...note.rights, create: false } } as Form;
const catalog = { menu: [], forms: [book, note, other], dashboards: [] } as unknown as Catalog;
const me = { user: { id: 'u1', username: 'kim', name: '金', admin: false }, tenant: 't', zone: 'UTC', roles: [] };
const record = {
  id: 'r1',
  form: 'book',
  version: 1,
  values: { name: '红楼梦', state: 'a' },
  rights: { update: true, delete: false, actions: [] },
} as unknown as RecordView;
const column = (masked = false): Column => ({
  key: 'state',
  title: '状态',
  def: defOf('stage'),
  ui: registry.stage,
  field: { key: 'state', definition: defOf('stage'), masked },
});

const narrow = vi.fn();
const close = vi.fn();
let evaluated: unknown[];
beforeEach(() => {
  narrow.mockClear();
  close.mockClear();
  evaluated = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    if (path.endsWith('/evaluate')) evaluated.push(JSON.parse(String(init.body)));
    const answer = path.endsWith('/evaluate')
      ? { fields: {}, values: {}, issues: [] }
      : { duplicates: [], records: [] };
    return new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } });
  });
});

function show(at?: Column) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <WorldProvider value={{ catalog, me } as unknown as Parameters<typeof WorldProvider>[0]['value']}>
        <RowMenu form={book} record={record} at={{ left: 0, top: 0 }} column={at} onNarrow={narrow} onClose={close} />
      </WorldProvider>
    </QueryClientProvider>,
  );
  return [...document.querySelectorAll('button')].map((one) => one.textContent);
}

test('the cell it was opened at narrows the list to its like, unless its values are masked', () => {
  expect(show(column())).toEqual(['只看状态：甲', '新建书评', '打开整页']);
  fireEvent.click(screen.getByText('只看状态：甲'));
  expect(narrow).toHaveBeenCalledWith({ field: 'state', op: 'in', value: ['a'] });
  expect(close).toHaveBeenCalled();
});

test('a masked cell, and no cell, narrow nothing', () => {
  expect(show(column(true))[0]).toBe('新建书评');
});

test('what goes with the record is begun in place, once for each form that may be made', async () => {
  expect(show()).toEqual(['新建书评', '打开整页']);
  fireEvent.click(screen.getByText('新建书评'));
  await vi.waitFor(() => expect(evaluated.length).toBeGreaterThan(0));
  expect(evaluated[0]).toEqual({ values: { of: { id: 'r1', title: '红楼梦' } } });
});

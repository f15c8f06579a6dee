// A small world to try parts of the pages in: no server, no words of any app.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Me } from '../api';
import { type Catalog, type FieldDef, type FieldKind, type Form, WorldProvider } from '../meta';

export const label = (text: string) => ({ 'zh-CN': text, en: text });

export const options = [
  { value: 'a', label: label('甲'), color: 'blue', children: [{ value: 'a1', label: label('甲一') }] },
  { value: 'b', label: label('乙'), color: 'green' },
];

/** A definition of each kind with the words that it needs. */
export function defOf(kind: FieldKind): FieldDef {
  const def = { 'x-field': kind, 'x-label': label(`字段 ${kind}`) } as FieldDef;
  if (['select', 'multiselect', 'cascade', 'stage'].includes(kind)) def['x-options'] = options;
  if (kind === 'reference' || kind === 'references') def['x-ref'] = 'book';
  if (kind === 'anyref') def['x-refs'] = ['book'];
  if (kind === 'table') {
    def['x-order'] = ['item', 'price', 'sum'];
    def.properties = {
      item: { 'x-field': 'text', 'x-label': label('品名') },
      price: { 'x-field': 'currency', 'x-label': label('单价') },
      sum: { 'x-field': 'currency', 'x-label': label('小计'), 'x-compute': 'price' },
    } as Record<string, FieldDef>;
    def.required = ['item'];
  }
  return def;
}

export const book: Form = {
  key: 'book',
  label: label('图书'),
  title: 'name',
  fields: [
    { key: 'name', definition: defOf('text') },
    { key: 'price', definition: defOf('currency') },
    { key: 'state', definition: defOf('stage') },
    { key: 'lines', definition: defOf('table') },
    { key: 'total', definition: defOf('currency'), computed: true, readOnly: true },
  ],
  views: [],
  rights: { create: true, read: true, update: true, delete: true, export: true },
  required: ['name'],
};

const catalog = { app: 'library', version: '1', menu: ['book'], forms: [book], dashboards: [] } as unknown as Catalog;
const me = {
  user: { id: 'u1', username: 'kim', name: '金', admin: false },
  tenant: 't',
  zone: 'UTC',
  roles: [],
  unit: null,
  zones: [],
  place: '1',
};

/** What a test brings along in place of the library and its reader. */
export interface Brought {
  forms?: Form[];
  reader?: Partial<Me>;
}

export function World({ children, forms, reader }: Brought & { children: ReactNode }) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return (
    <QueryClientProvider client={client}>
      <WorldProvider value={{ catalog: forms ? { ...catalog, forms } : catalog, me: { ...me, ...reader } }}>
        {children}
      </WorldProvider>
    </QueryClientProvider>
  );
}

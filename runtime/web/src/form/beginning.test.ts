import { expect, test } from 'vitest';
import type { RecordView } from '../api';
import type { Field, FieldDef, Form } from '../meta';
import { beginningOf } from './beginning';

const def = (kind: string, more: object = {}) => ({ 'x-field': kind, 'x-label': { en: kind }, ...more }) as FieldDef;
const field = (key: string, definition: FieldDef, more: Partial<Field> = {}) => ({ key, definition, ...more }) as Field;
const ref = (to: string) => def('reference', { 'x-ref': to });
const rows = (columns: Record<string, FieldDef>) =>
  def('table', { properties: columns, 'x-order': Object.keys(columns) });

const sum = def('currency', { 'x-compute': 'price' });
const from = {
  key: 'loan',
  fields: [
    field('reader', ref('person')),
    field('shelf', ref('shelf')),
    field('hidden', ref('person'), { masked: true }),
    field('note', def('text')),
    field('lines', rows({ book: ref('book'), price: def('currency'), sum, place: ref('shelf') })),
  ],
} as unknown as Form;
const loan = field('loan', ref('loan'));
const to = {
  key: 'bill',
  fields: [
    loan,
    field('reader', ref('person')),
    field('shelf', ref('branch')),
    field('hidden', ref('person')),
    field('note', def('text')),
    field('lines', rows({ book: ref('book'), price: def('currency'), sum, place: ref('branch') })),
  ],
} as unknown as Form;
const reader = { id: 'p1', title: '金' };
const book = { id: 'b1', title: '红楼梦' };
const record = {
  id: 'l1',
  values: {
    reader,
    shelf: { id: 's1' },
    hidden: { id: 'p2' },
    note: 'x',
    lines: [{ id: 'r1', book, price: '2.00', sum: '2.00', place: { id: 's1' } }],
  },
} as unknown as RecordView;

test('what both name alike comes over: references to the same form, and the columns that both tables have', () => {
  const begin = beginningOf({ form: to, field: loan }, from, record, '借阅一');
  expect(begin).toMatchObject({ loan: { id: 'l1', title: '借阅一' }, reader, lines: [{ book, price: '2.00' }] });
  expect(Object.keys(begin).sort()).toEqual(['lines', 'loan', 'reader']);
  const [row] = begin.lines as unknown as Record<string, unknown>[];
  // A row of its own, whose sum is worked out anew.
  expect(row).not.toHaveProperty('id');
  expect(row).not.toHaveProperty('sum');
  expect(row).not.toHaveProperty('place');
});

test('what says nothing brings nothing', () => {
  const none = { ...record, values: { reader: null, lines: [] } } as unknown as RecordView;
  expect(Object.keys(beginningOf({ form: to, field: loan }, from, none, ''))).toEqual(['loan']);
});

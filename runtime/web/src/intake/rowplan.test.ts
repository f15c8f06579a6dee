import { expect, test } from 'vitest';
import type { FileLook } from '../api';
import type { Catalog, FieldDef } from '../meta';
import { book, defOf, label } from '../test/world';
import { rowMapped, rowsFrom, rowTargetsOf, tablesOf } from './rowplan';

const made: FieldDef = {
  ...defOf('table'),
  'x-order': ['item', 'price', 'sum', 'of'],
  properties: {
    ...defOf('table').properties,
    of: { 'x-field': 'reference', 'x-ref': 'book', 'x-label': label('图书') } as FieldDef,
  },
};
const lines = { key: 'lines', definition: made };
const catalog = { forms: [book] } as unknown as Catalog;
const sheet = (name: string, columns: string[]): FileLook => ({
  format: 'xlsx',
  header: 1,
  sheet: name,
  sheets: ['书', '行'],
  columns: columns.map((column) => ({ name: column, samples: [] })),
  request: { file: 'f1', plan: { columns: [] } },
});
const main = sheet('书', ['书名', '定价']);

test('rows are of tables that can be written, and fill what is not worked out', () => {
  const locked = { ...book, fields: [{ ...lines, readOnly: true }] };
  expect(tablesOf(book).map(({ key }) => key)).toEqual(['lines']);
  expect(tablesOf(locked)).toEqual([]);
  expect(rowTargetsOf(lines).map(({ key }) => key)).toEqual(['item', 'price', 'of']);
});

test('a sheet of rows is joined by the column that both have, and its columns are known by their labels', () => {
  expect(rowsFrom(catalog, lines, main, sheet('行', ['书名', ' 品名 *', 'PRICE', '图书', '别的']))).toEqual({
    field: 'lines',
    sheet: '行',
    join: '书名',
    columns: [
      { column: ' 品名 *', field: 'item' },
      { column: 'PRICE', field: 'price' },
      { column: '图书', field: 'of', by: 'name' },
    ],
  });
  expect(rowsFrom(catalog, lines, main, sheet('行', ['x'])).join).toBe('');
});

test('a field of a row comes from one column alone, and the column that tells rows apart must be one of them', () => {
  const table = { field: 'lines', join: '书名', key: 'item', columns: [{ column: '品名', field: 'item' }] };
  expect(rowMapped(table, '另一列', 'item')).toMatchObject({
    key: 'item',
    columns: [{ column: '另一列', field: 'item' }],
  });
  expect(rowMapped(table, '品名', '')).toMatchObject({ key: undefined, columns: [] });
});

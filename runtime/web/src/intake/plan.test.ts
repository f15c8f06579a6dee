import { expect, test } from 'vitest';
import type { FileLook } from '../api';
import type { Form } from '../meta';
import { book } from '../test/world';
import { gapsOf, guessesOf, keysOf, mapped, requestOf, settingsOf, tableOfColumns, targetsOf } from './plan';

const form: Form = {
  ...book,
  fields: book.fields.map((field) =>
    field.key === 'name' ? { ...field, definition: { ...field.definition, 'x-unique': true } } : field,
  ),
};
const look: FileLook = {
  format: 'csv',
  header: 1,
  columns: [
    { name: '书名', samples: ['潮'], guess: { column: '书名', field: 'name' } },
    { name: '定价', samples: ['十元'], guess: { column: '定价', field: 'price', round: 2 }, unknown: ['十元'] },
    { name: '备注', samples: [''] },
  ],
  request: { file: 'f1', plan: { form: 'book', mode: 'upsert', key: ['name'], columns: [] } },
};
const columns = guessesOf(look);
const settings = { mode: 'create' as const, key: '', clear: false, pool: '' };

test('a column may become what people can write, and no table, file or computed value', () => {
  expect(targetsOf(form).map((field) => field.key)).toEqual(['name', 'price', 'state']);
  expect(keysOf(form).map((field) => field.key)).toEqual(['name']);
});

test('the guesses stand until somebody says otherwise; a field comes from one column alone', () => {
  expect(columns.定价).toEqual({ column: '定价', field: 'price', round: 2 });
  const moved = mapped(columns, look, '备注', 'name');
  expect(moved.书名).toBeUndefined();
  expect(moved.备注).toEqual({ column: '备注', field: 'name' });
  expect(mapped(columns, look, '定价', '').定价).toBeUndefined();
  // Chosen again, the guess comes back with all that it knew.
  expect(mapped(mapped(columns, look, '定价', ''), look, '定价', 'price').定价).toEqual(columns.定价);
});

test('new records need no key, changes do, and the file stays the one that was looked at', () => {
  expect(requestOf(look, columns, [], settings, true)).toEqual({
    file: 'f1',
    plan: { form: 'book', mode: 'create', columns: Object.values(columns) },
    dryRun: true,
    report: 'xlsx',
  });
  const change = requestOf(look, columns, [], { ...settings, mode: 'upsert', key: 'name', clear: true }, false);
  expect(change.plan).toMatchObject({ mode: 'upsert', key: ['name'], clear: true });
});

test('the way of the look is taken where the reader may go it', () => {
  expect(settingsOf(form, look)).toEqual({ mode: 'upsert', key: 'name', clear: false, pool: '' });
  expect(settingsOf({ ...form, rights: { ...form.rights, update: false } }, look).mode).toBe('create');
  expect(settingsOf({ ...form, rights: { ...form.rights, create: false } }, look)).toMatchObject({
    mode: 'update',
    key: 'name',
  });
});

test('what keeps it from being tried is told before', () => {
  expect(gapsOf(form, columns, [], settings)).toEqual([]);
  expect(gapsOf(form, mapped(columns, look, '书名', ''), [], settings)).toEqual(['name']);
  expect(gapsOf(form, columns, [], { ...settings, mode: 'update' })).toEqual(['key']);
  expect(gapsOf(form, columns, [], { ...settings, mode: 'update', key: 'name' })).toEqual([]);
});

test('new records come into the pool that is named, changed ones stay where they are', () => {
  const east = { ...settings, pool: 'east' };
  expect(requestOf(look, columns, [], east, false).plan).toMatchObject({ pool: 'east' });
  expect(requestOf(look, columns, [], { ...east, mode: 'update', key: 'name' }, false).plan).not.toHaveProperty('pool');
});

test('rows must say whose they are, what they fill, and which they are where records are changed', () => {
  const rows = { field: 'lines', join: '书名', columns: [{ column: '品名', field: 'item' }] };
  expect(requestOf(look, columns, [rows], settings, false).plan).toMatchObject({ tables: [rows] });
  expect(gapsOf(form, columns, [rows], settings)).toEqual([]);
  expect(gapsOf(form, columns, [{ ...rows, join: '' }], settings)).toEqual(['table']);
  expect(gapsOf(form, columns, [{ ...rows, columns: [] }], settings)).toEqual(['table']);
  const change = { ...settings, mode: 'upsert' as const, key: 'name' };
  expect(gapsOf(form, columns, [rows], change)).toEqual(['table']);
  expect(gapsOf(form, columns, [{ ...rows, key: 'item' }], change)).toEqual([]);
});

test('a column that rows of a table take in the same sheet is told, one of another sheet is not', () => {
  const table = { field: 'lines', join: '书名', columns: [{ column: '备注', field: 'item' }] };
  expect([...tableOfColumns(look, [table])]).toEqual([['备注', 'lines']]);
  expect(tableOfColumns({ ...look, sheet: '书' }, [{ ...table, sheet: '行' }]).size).toBe(0);
});

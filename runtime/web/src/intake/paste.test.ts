import { expect, test } from 'vitest';
import type { FileLook, RecordView } from '../api';
import type { Column } from '../grid/columns';
import { fileOf, requestOf, targetOf } from './paste';

const column = (key: string, more: object = {}, kind = 'text') =>
  ({ key, title: key, field: { key, ...more }, def: { 'x-field': kind } }) as unknown as Column;
const columns = [column('name'), column('total', { computed: true }), column('note'), column('lines', {}, 'table')];
const records = ['1', '2', '3'].map((id) => ({ id, values: {} })) as unknown as RecordView[];
const at = (row: number, place: number) => ({
  record: records[row] as RecordView,
  column: columns[place] as Column,
});
const none = new Set<string>();
const ids = (list: RecordView[]) => list.map((record) => record.id);

test('cells go from a place on to the right and downwards; what nobody writes and what lies below is left out', () => {
  const cells = [
    ['a', '1', 'x', 'y', 'z'],
    ['b', '2', 'y'],
    ['c', '3', 'z'],
  ];
  const target = targetOf(cells, at(1, 0), columns, records, none);
  expect(ids(target.records)).toEqual(['2', '3']);
  expect(target.columns.map(({ column: { key }, place }) => [key, place])).toEqual([
    ['name', 0],
    ['note', 2],
  ]);
  expect(target.fixed.map(({ key }) => key)).toEqual(['total', 'lines']);
  expect(target.below).toBe(1);
});

test('among selected records they go onto those, and a single row of cells onto each', () => {
  const selected = new Set(['1', '3']);
  const two = targetOf([['a'], ['b'], ['c']], at(0, 2), columns, records, selected);
  expect([ids(two.records), two.cells, two.below]).toEqual([['1', '3'], [['a'], ['b']], 1]);
  const one = targetOf([['a']], at(2, 2), columns, records, selected);
  expect([ids(one.records), one.cells, one.below]).toEqual([['1', '3'], [['a'], ['a']], 0]);
  // Elsewhere than among them the selection does not count.
  expect(ids(targetOf([['a']], at(1, 2), columns, records, selected).records)).toEqual(['2']);
});

test('the file names its records and its fields, and no cell breaks out of its place', async () => {
  const target = targetOf([['say "hi",\nyou', '1']], at(0, 0), columns, records, none);
  expect(await fileOf(target).text()).toBe('"id","name"\r\n"1","say ""hi"",\nyou"');
});

test('the server reads cells as the look has found they are meant, and an empty one empties the field', () => {
  const target = targetOf([['a', '', '3/4/26']], at(0, 0), columns, records, none);
  const look = {
    columns: [
      { name: 'name', guess: { column: 'name', field: 'other' } },
      { name: 'note', guess: { column: 'note', field: 'note', dates: 'dmy' } },
    ],
  } as unknown as FileLook;
  expect(requestOf(target, look, 'f1', true)).toEqual({
    file: 'f1',
    encoding: 'utf-8',
    delimiter: ',',
    header: 1,
    dryRun: true,
    plan: {
      mode: 'update',
      key: ['id'],
      clear: true,
      columns: [
        { column: 'id', field: 'id' },
        { column: 'name', field: 'name' },
        { column: 'note', field: 'note', dates: 'dmy' },
      ],
    },
  });
});

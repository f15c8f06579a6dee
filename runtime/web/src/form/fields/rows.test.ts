import { expect, test } from 'vitest';
import { type FieldKind, rowFields, sum } from '../../meta';
import { defOf } from '../../test/world';
import { readTyped } from './pasting';
import {
  type CellReader,
  cellsOf,
  changeCell,
  moveRow,
  newRow,
  paste,
  removeRow,
  rowsToSend,
  standing,
  totalsOf,
} from './rows';

const fields = rowFields(defOf('table'));
const saved = [
  { id: 'r1', item: '笔', price: '2.00', sum: '2.00' },
  { id: 'r2', item: '纸', price: '3.10', sum: '3.10' },
];

test('copied cells are read as spreadsheets write them: in quotes where a cell has a break, a tab or quotes', () => {
  expect(cellsOf('a\tb\r\nc\t\r\n')).toEqual([
    ['a', 'b'],
    ['c', ''],
  ]);
  expect(cellsOf('"one\ntwo"\t"say ""hi"""\tx"y')).toEqual([['one\ntwo', 'say "hi"', 'x"y']]);
  expect(cellsOf('"open\tnext')).toEqual([['"open', 'next']]);
  expect(cellsOf('')).toEqual([['']]);
  expect(cellsOf('a\n\nb')).toEqual([['a'], [''], ['b']]);
});

test('a removed row is told to the server, a new one just goes', () => {
  const fresh = newRow({ item: '墨' });
  const rows = removeRow(removeRow([...saved, fresh], 'r1'), fresh._key as string);
  expect(standing(rows).map((row) => row.id)).toEqual(['r2']);
  expect(rowsToSend(rows)).toContainEqual(expect.objectContaining({ id: 'r1', _delete: true }));
  expect(rowsToSend(rows)).toHaveLength(2);
});

test('empty new rows and the keys of the browser are not sent', () => {
  expect(rowsToSend([newRow(), newRow({ item: '墨' })])).toEqual([{ item: '墨' }]);
});

test('rows move within their table and no further', () => {
  expect(moveRow(saved, 0, 1).map((row) => row.id)).toEqual(['r2', 'r1']);
  expect(moveRow(saved, 0, -1)).toBe(saved);
});

test('totals are exact', () => {
  const rows = changeCell(saved, 'r2', 'sum', '90071992547409931.20');
  expect(totalsOf(fields, rows, (def) => def).get('sum')).toBe('90071992547409933.20');
  expect(sum(['0.1', '0.2', '-1', null, 'x'])).toBe('-0.7');
});

const read: CellReader = ({ definition }, text) => readTyped(definition, text);

test('cells from a spreadsheet fill rows, make new ones and leave computed columns alone', () => {
  const { rows, unread, over } = paste(
    saved,
    fields,
    { row: 1, column: 0 },
    cellsOf('尺\t¥1,200.50\t9\r\n规\t7\n'),
    read,
  );
  expect(rows).toHaveLength(3);
  expect(rows[1]).toMatchObject({ id: 'r2', item: '尺', price: '1200.50', sum: '3.10' });
  expect(rows[2]).toMatchObject({ item: '规', price: '7' });
  expect([unread, over]).toEqual([[], 0]);
});

test('an empty cell empties, one that says nothing is told and left out, and there are no more rows than may be', () => {
  const cells = cellsOf('\t?\nb\t2\nc\t3');
  const none: CellReader = (field, text) => (text === '?' ? undefined : read(field, text));
  const { rows, unread, over } = paste(saved, fields, { row: 1, column: 0 }, cells, none, 3);
  expect(rows[1]).toMatchObject({ id: 'r2', item: null, price: '3.10' });
  expect([rows.length, unread, over]).toEqual([3, ['?'], 1]);
});

test('rows that are removed stay marked when cells are pasted over their place', () => {
  const { rows } = paste(removeRow(saved, 'r1'), fields, { row: 0, column: 0 }, [['x']], read);
  expect(rows.map(({ id, item, _delete }) => [id, item, _delete])).toEqual([
    ['r2', 'x', undefined],
    ['r1', '笔', true],
  ]);
});

test('choices are read by their labels, days and numbers as spreadsheets write them', () => {
  const said = (kind: FieldKind, text: string) => readTyped(defOf(kind), text);
  expect([said('select', ' 甲 '), said('select', 'A1'), said('select', '丙')]).toEqual(['a', 'a1', undefined]);
  expect([said('multiselect', '甲，乙'), said('multiselect', '甲,丙')]).toEqual([['a', 'b'], undefined]);
  expect(['2027/1/5', '2027年11月05日', '2027.3.4', '明年'].map((text) => said('date', text))).toEqual([
    '2027-01-05',
    '2027-11-05',
    '2027-03-04',
    '明年',
  ]);
  expect([said('boolean', '是'), said('boolean', 'No'), said('boolean', '?')]).toEqual([true, false, undefined]);
  expect([said('percent', '１５％'), said('currency', '¥ 1，200')]).toEqual(['15', '1200']);
  expect(said('attachment', 'x')).toBeUndefined();
});

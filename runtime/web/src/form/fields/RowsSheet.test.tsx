import { createEvent, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Wire } from '../../api';
import type { FieldDef } from '../../meta';
import { defOf, label, World } from '../../test/world';
import { type Row, rowsOf } from './rows';
import { table } from './table';

vi.mock('@tanstack/react-router', () => ({ Link: () => null }));

const def = {
  ...defOf('table'),
  maxItems: 3,
  'x-order': ['book', 'item', 'price', 'sum'],
  properties: {
    ...defOf('table').properties,
    book: { 'x-field': 'reference', 'x-ref': 'book', 'x-label': label('书') },
  },
} as FieldDef;
const begin = [
  { id: 'r1', item: '笔', price: '1.00' },
  { id: 'r2', item: '纸', price: '2.00' },
];
let now: Row[];
const sent = vi.fn();

beforeEach(() => {
  sent.mockClear();
  // Two books have the one name, and one the other.
  const books = [
    ['1', '红楼梦'],
    ['2', '水浒传'],
    ['3', '水浒传'],
  ];
  vi.stubGlobal('fetch', async (path: string) => {
    const q = new URL(path, 'http://host').searchParams.get('q') ?? '';
    const records = books.filter(([, name]) => name?.includes(q)).map(([id, name]) => ({ id, values: { name } }));
    return new Response(JSON.stringify({ records }), { headers: { 'Content-Type': 'application/json' } });
  });
});

function Harness() {
  const [value, setValue] = useState<Wire>(begin);
  now = rowsOf(value);
  return (
    <form onSubmit={sent}>
      <table.Edit id="t" def={def} value={value} onChange={setValue} />
      <button type="submit">go</button>
    </form>
  );
}

const show = () =>
  render(
    <World>
      <Harness />
    </World>,
  );
// By its name alone: to ask for roles looks through all of the page, each time.
const input = (name: string) => document.querySelector(`[aria-label="${name}"]`) as HTMLElement;
const items = () => now.map(({ item }) => item);
function paste(at: HTMLElement, text: string) {
  const event = createEvent.paste(at, { clipboardData: { getData: () => text } });
  fireEvent(at, event);
  return event.defaultPrevented;
}

test('Enter and the arrows go from row to row, Enter on the last makes one, and none of them sends the form', async () => {
  show();
  input('品名 1').focus();
  fireEvent.keyDown(input('品名 1'), { key: 'Enter' });
  expect(document.activeElement).toBe(input('品名 2'));
  fireEvent.keyDown(input('品名 2'), { key: 'ArrowUp' });
  expect(document.activeElement).toBe(input('品名 1'));
  fireEvent.keyDown(input('单价 1'), { key: 'ArrowDown' });
  expect(document.activeElement).toBe(input('单价 2'));
  expect(fireEvent.keyDown(input('单价 2'), { key: 'Enter' })).toBe(false);
  await waitFor(() => expect(document.activeElement).toBe(input('单价 3')));
  // There is room for three.
  fireEvent.keyDown(input('单价 3'), { key: 'Enter' });
  expect(now).toHaveLength(3);
  expect(sent).not.toHaveBeenCalled();
});

test('Alt and the arrows move a row, with the focus in it', async () => {
  show();
  fireEvent.keyDown(input('品名 1'), { key: 'ArrowDown', altKey: true });
  expect(items()).toEqual(['纸', '笔']);
  await waitFor(() => expect(document.activeElement).toBe(input('品名 2')));
  fireEvent.keyDown(input('品名 2'), { key: 'ArrowDown', altKey: true });
  expect(items()).toEqual(['纸', '笔']);
});

test('records are pasted by their names; what nobody or more than one is called is told, as are rows too many', async () => {
  show();
  const cells = '红楼梦\ta\t1\n水浒传\tb\t2\n没有的书\tc\t3\n红楼梦\td\t4';
  expect(paste(input('书 1'), cells)).toBe(true);
  await screen.findByText(/2 个单元格认不出，已略过：水浒传、没有的书 最多 3 行，多出的 1 行已略过/);
  expect(now.map(({ book, item, price }) => [book, item, price])).toEqual([
    [{ id: '1', title: '红楼梦' }, 'a', '1'],
    [undefined, 'b', '2'],
    [undefined, 'c', '3'],
  ]);
});

test('a single cell is pasted into the input as ever', () => {
  show();
  expect(paste(input('品名 1'), '一')).toBe(false);
});

import { act, renderHook } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { SavedView } from '../api';
import type { View } from '../meta';
import { book, label } from '../test/world';
import { useListColumns } from './listColumns';

const view = {
  key: 'all',
  form: 'book',
  label: label('全部'),
  kind: 'table',
  columns: ['name', 'price', 'state'],
} as View;
const saved = (columns: SavedView['columns'], id = 's1') =>
  ({ id, name: 'x', mine: true, version: 1, at: '', columns }) as SavedView;
const use = (one?: SavedView) => renderHook(() => useListColumns(book, view, one)).result;
const keys = (result: ReturnType<typeof use>) => result.current.shown.map((field) => field.key);

test('a list has the columns of its view until somebody arranges them, and goes back to them', () => {
  const result = use();
  expect([keys(result), result.current.kept, result.current.touched]).toEqual([
    ['name', 'price', 'state'],
    undefined,
    false,
  ]);
  act(() =>
    result.current.change({ pinned: ['state'], hidden: ['price'], added: ['createdAt'], widths: { state: 120.4 } }),
  );
  expect(keys(result)).toEqual(['state', 'name', 'createdAt']);
  expect(result.current.kept).toEqual([
    { field: 'state', width: 120, pinned: true },
    { field: 'name' },
    { field: 'createdAt' },
  ]);
  act(() => result.current.reset());
  expect([keys(result), result.current.kept]).toEqual([['name', 'price', 'state'], undefined]);
});

test('a saved view brings its own, with what is arranged over them kept apart from the published view', () => {
  const one = saved([{ field: 'total', pinned: true }, { field: 'gone' }, { field: 'name', width: 300 }], 's2');
  const result = use(one);
  expect(keys(result)).toEqual(['total', 'name']);
  expect(result.current.layout.widths).toEqual({ name: 300 });
  // Nobody has touched it: it is what was saved, with the column that this reader does not see.
  expect(result.current.kept).toEqual(one.columns);
  expect(result.current.layout.unpinned).toBe(false);
  expect(use({ ...one, id: 's5', unpinned: true }).current.layout.unpinned).toBe(true);
  act(() => result.current.change({ order: ['name', 'total'], pinned: [] }));
  expect(result.current.kept).toEqual([{ field: 'name', width: 300 }, { field: 'total' }]);
  expect(keys(use())).toEqual(['name', 'price', 'state']);
});

test('an address says which columns stay, before what its reader has pinned, and is told of what they pin', () => {
  const set = vi.fn();
  const at = (asked: string | undefined) =>
    renderHook(() => useListColumns(book, { ...view, key: 'pins' }, undefined, { asked, set })).result;
  const mine = at(undefined);
  act(() => mine.current.change({ pinned: ['price'] }));
  expect([keys(mine), set.mock.lastCall]).toEqual([['price', 'name', 'state'], ['price']]);
  const shared = at('state,gone');
  expect([keys(shared), shared.current.layout.pinned.includes('price'), shared.current.touched]).toEqual([
    ['state', 'name', 'price'],
    false,
    true,
  ]);
  expect(keys(at('-'))).toEqual(['name', 'price', 'state']);
  act(() => shared.current.change({ pinned: [], unpinned: true }));
  expect(set).toHaveBeenLastCalledWith('-');
  expect(at('-').current.layout.unpinned).toBe(true);
  expect(at('state').current.layout.unpinned).toBe(false);
  act(() => shared.current.reset());
  expect(set).toHaveBeenLastCalledWith(undefined);
});

test('one that shows nothing to this reader, or says nothing of columns, has those of the published view', () => {
  expect(keys(use(saved([{ field: 'gone' }], 's3')))).toEqual(['name', 'price', 'state']);
  expect(keys(use(saved(undefined, 's4')))).toEqual(['name', 'price', 'state']);
});

import { expect, test } from 'vitest';
import { arranged, movedColumn, plainLayout } from './layout';

const shown = ['a', 'b', 'c', 'd'];
const columns = shown.map((key) => ({ key }));
const after = (moved: string, to: string, pinned: string[] = []) => {
  const layout = { ...plainLayout, pinned };
  return arranged(columns, { ...layout, ...movedColumn(layout, shown, moved, to) }).map(({ key }) => key);
};

test('a column takes the place of the one that it is dropped on, from either side', () => {
  expect(after('a', 'c')).toEqual(['b', 'c', 'a', 'd']);
  expect(after('d', 'b')).toEqual(['a', 'd', 'b', 'c']);
  expect(movedColumn(plainLayout, shown, 'b', 'b')).toEqual({});
  expect(movedColumn(plainLayout, shown, 'gone', 'b')).toEqual({});
});

test('dropped among those that stay in sight it stays too, and dropped elsewhere it no longer does', () => {
  const layout = { ...plainLayout, pinned: ['a', 'b'] };
  expect(movedColumn(layout, shown, 'd', 'a').pinned).toEqual(['a', 'b', 'd']);
  expect(after('d', 'a', ['a', 'b'])).toEqual(['d', 'a', 'b', 'c']);
  expect(movedColumn(layout, shown, 'a', 'd').pinned).toEqual(['b']);
  expect(after('a', 'd', ['a', 'b'])).toEqual(['b', 'c', 'd', 'a']);
});

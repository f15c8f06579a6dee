import { expect, test } from 'vitest';
import { arranged, movedColumn, pinnedOtherwise, plainLayout, staying } from './layout';

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

test('the first column stays until others are chosen, or it is let go', () => {
  expect(staying(plainLayout, shown)).toEqual(['a']);
  expect(staying({ ...plainLayout, pinned: ['c', 'gone'] }, shown)).toEqual(['c']);
  expect(staying({ ...plainLayout, pinned: ['gone'] }, shown)).toEqual(['a']);
  const loose = { ...plainLayout, ...pinnedOtherwise(plainLayout, shown, 'a') };
  expect([loose.pinned, loose.unpinned, staying(loose, shown)]).toEqual([[], true, []]);
  const again = { ...loose, ...pinnedOtherwise(loose, shown, 'b') };
  expect([again.unpinned, staying(again, shown)]).toEqual([false, ['b']]);
  expect(pinnedOtherwise(again, shown, 'b')).toEqual({ pinned: [], unpinned: true });
  // To move a column says nothing of what stays.
  expect(movedColumn(loose, shown, 'd', 'b')).toEqual({ order: ['a', 'd', 'b', 'c'] });
});

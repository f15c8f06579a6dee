import { expect, test } from 'vitest';
import { merge } from './merge';

const on = (...days: number[]) => days.map((day) => ({ at: `2026-03-${String(day).padStart(2, '0')}T00:00:00Z` }));
const days = (items: { at: string }[]) => items.map((item) => Number(item.at.slice(8, 10)));

test('two lists are one by time, the newest first', () => {
  expect(days(merge({ items: on(9, 5, 1), more: false }, { items: on(7, 5), more: false }))).toEqual([9, 7, 5, 5, 1]);
});

test('what is older than a page that is not here yet waits for it', () => {
  expect(days(merge({ items: on(9, 8), more: true }, { items: on(10, 8, 3), more: false }))).toEqual([10, 9, 8, 8]);
  expect(days(merge({ items: on(9, 8), more: true }, { items: on(7, 6), more: true }))).toEqual([9, 8]);
  expect(days(merge({ items: [], more: false }, { items: on(2), more: true }))).toEqual([2]);
});

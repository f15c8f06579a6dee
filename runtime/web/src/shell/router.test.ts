import { expect, test } from 'vitest';
import { type ListSearch, readList } from './router';

// All that a list's address may say: what is added to it and not here does not compile.
const all: Required<ListSearch> = {
  view: 'all',
  f: '{"field":"a","op":"empty"}',
  q: 'x',
  sort: '-a',
  group: 'a',
  saved: 's1',
  with: 'me',
  pin: 'a,b',
  at: '2026-03-10',
  span: 'week',
  record: 'r1',
};

test('a list reads from its address all that it writes into it, and nothing else', () => {
  expect(readList({ ...all, other: 'x' })).toEqual(all);
  expect(readList({ view: '', q: 7 })).toEqual({});
});

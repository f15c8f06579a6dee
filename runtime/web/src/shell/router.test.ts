import { expect, test, vi } from 'vitest';
import { fetchPage, type ListSearch, readList, router } from './router';

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

test('what the page of an address is drawn with is fetched before the page is asked for, and a fault is left to it', async () => {
  const fetched = vi.spyOn(router, 'loadRouteChunk').mockRejectedValue(new Error('no network'));
  router.latestLocation = router.buildLocation({ to: '/f/$form', params: { form: 'book' } });
  fetchPage();
  expect(fetched.mock.calls.map(([route]) => route.id)).toEqual(['__root__', '/f/$form']);
  fetched.mockRestore();
});

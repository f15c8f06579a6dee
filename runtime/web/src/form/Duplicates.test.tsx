import { act, render, screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Duplicate, Values } from '../api';
import type { Form } from '../meta';
import { book, label, World } from '../test/world';
import { Duplicates } from './Duplicates';
import { useDuplicates } from './useDuplicates';

vi.mock('@tanstack/react-router', () => ({
  Link: ({ children, params }: { children: React.ReactNode; params: { form: string; id: string } }) => (
    <a href={`/f/${params.form}/${params.id}`}>{children}</a>
  ),
}));

const form: Form = { ...book, duplicates: [{ key: 'name', label: label('书名'), fields: ['name'] }] };
const held: Duplicate = { rule: 'name', fields: ['name'], form: 'book', owner: { id: 'u2', title: '李四' } };
const mine: Duplicate = { ...held, id: '7', title: '红楼梦', owner: { id: 'u1', title: '金' } };

let asked: unknown[];
let found: Duplicate[];
beforeEach(() => {
  asked = [];
  found = [];
  vi.stubGlobal(
    'fetch',
    vi.fn(async (_url: string, init: RequestInit) => {
      asked.push(JSON.parse(String(init.body)));
      return new Response(JSON.stringify({ duplicates: found }), { headers: { 'Content-Type': 'application/json' } });
    }),
  );
});

function Draft({ sent }: { sent: Values }) {
  return <Duplicates form={form} found={useDuplicates(form, undefined, sent, true)} />;
}
const draft = (sent: Values) => (
  <World>
    <Draft sent={sent} />
  </World>
);

test('whose it is, is told of a record that one may not read, and nothing else', async () => {
  found = [held];
  render(draft({ name: '红楼梦', price: '3' }));
  expect((await screen.findByRole('status')).textContent).toContain('“书名”相同： 图书 由 李四 负责');
  expect(screen.queryByRole('link')).toBeNull();
  expect(asked).toEqual([{ values: { name: '红楼梦' } }]);
});

test('a record that one may read is a link away', async () => {
  found = [mine];
  render(draft({ name: '红楼梦' }));
  const link = await screen.findByRole('link', { name: '红楼梦' });
  expect(link.getAttribute('href')).toBe('/f/book/7');
});

test('what decides nothing asks nothing, and an answer goes with its question', async () => {
  vi.useFakeTimers();
  try {
    const { rerender } = render(draft({ price: '3', name: '' }));
    await act(() => vi.advanceTimersByTimeAsync(2000));
    expect(asked).toEqual([]);
    found = [mine];
    rerender(draft({ name: '红楼' }));
    rerender(draft({ name: '红楼梦' }));
    await act(() => vi.advanceTimersByTimeAsync(2000));
    expect(asked).toEqual([{ values: { name: '红楼梦' } }]);
    expect(screen.getByRole('status').textContent).toContain('红楼梦');
    rerender(draft({ name: '红楼梦续' }));
    expect(screen.queryByRole('status')).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

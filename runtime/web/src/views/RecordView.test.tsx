import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RecordView as Loaded } from '../api';
import { book, World } from '../test/world';
import { RecordView } from './RecordView';

const who = { id: 'u1', title: '金' };
const record = {
  id: 'b1',
  form: 'book',
  version: 1,
  values: { name: '红楼梦', price: '3' },
  createdAt: '2026-03-02T01:00:00Z',
  createdBy: who,
  updatedAt: '2026-03-02T01:00:00Z',
  updatedBy: who,
  rights: { update: true, delete: true, actions: [] },
} as unknown as Loaded;

/** A server that answers a save when it is told to. */
let answer: (how: Response) => void;
let kept: Loaded;

beforeEach(() => {
  localStorage.clear();
  kept = record;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (at, init) => {
    const url = String(at);
    if (init?.method === 'PATCH') return new Promise<Response>((resolve) => (answer = resolve));
    if (url.includes('/evaluate')) {
      const typed = String(init?.body).includes('石头记');
      return Response.json({ values: { total: typed ? '9' : '1' }, fields: {}, issues: [] });
    }
    if (url.includes('/duplicates')) return Response.json({ duplicates: [] });
    if (url.includes('/comments')) return Response.json({ comments: [] });
    if (url.includes('/history')) return Response.json({ entries: [] });
    if (url.includes('/follow')) return Response.json({ following: false, followers: 0, exact: true });
    if (url.endsWith('/forms/book/records/b1')) return Response.json(kept);
    return Response.json({ records: [] });
  });
});
afterEach(() => vi.restoreAllMocks());

async function edit(name: string) {
  const routeTree = createRootRoute({
    component: () => (
      <World>
        <RecordView form={book} id="b1" onGone={() => undefined} />
      </World>
    ),
  });
  render(<RouterProvider router={createRouter({ routeTree, history: createMemoryHistory() }) as never} />);
  fireEvent.click(await screen.findByRole('button', { name: /编辑/ }));
  const box = await screen.findByLabelText(/字段 text/);
  fireEvent.change(box, { target: { value: name } });
  // The rules have answered: what they work out is shown.
  await screen.findByText('¥9');
  return box;
}

test('what was typed stands as saved at once, and the answer corrects it', async () => {
  await edit('石头记');
  fireEvent.click(screen.getByRole('button', { name: '保存' }));
  expect(screen.queryByLabelText(/字段 text/)).toBeNull();
  screen.getByText('石头记', { selector: 'dd *' });
  screen.getByText(/正在保存/);
  expect(screen.queryByRole('button', { name: /编辑/ })).toBeNull();
  kept = { ...record, version: 2, values: { ...record.values, name: '石头记（定）' } };
  answer(Response.json(kept));
  await screen.findByText('石头记（定）', { selector: 'dd *' });
  screen.getByRole('button', { name: /编辑/ });
  expect(localStorage.getItem('tw.draft.u1.book.b1')).toBeNull();
});

test('where it is refused, the form is there again with what was typed', async () => {
  await edit('石头记');
  fireEvent.click(screen.getByRole('button', { name: '保存' }));
  expect(screen.queryByLabelText(/字段 text/)).toBeNull();
  answer(Response.json({ status: 500, title: '坏了', detail: '', code: 'internal' }, { status: 500 }));
  const box = (await screen.findByLabelText(/字段 text/)) as HTMLInputElement;
  expect(box.value).toBe('石头记');
  await screen.findByRole('alert');
});

import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { World } from '../test/world';
import { FollowedList } from './FollowedPage';

afterEach(() => vi.restoreAllMocks());

const at = '2026-03-02T01:00:00Z';

/** A server whose first page has nothing that may be read, and whose second has one that is. */
function serve(records: object[], refuses = false) {
  const asked: string[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    const path = String(url);
    asked.push(`${init?.method ?? 'GET'} ${path}`);
    if (init?.method === 'DELETE' || init?.method === 'PUT') {
      if (refuses) return Response.json({ title: '不行', detail: '看不到了。', status: 404 }, { status: 404 });
      return Response.json({ following: init.method === 'PUT', followers: 0, exact: true });
    }
    return Response.json(path.includes('after=') ? { records } : { records: [], next: 'book/b0' });
  });
  return asked;
}

function Page() {
  const [form, setForm] = useState('');
  return <FollowedList form={form} onForm={setForm} />;
}

function show() {
  const routeTree = createRootRoute({
    component: () => (
      <World>
        <Page />
      </World>
    ),
  });
  const router = createRouter({ routeTree, history: createMemoryHistory() });
  render(<RouterProvider router={router as never} />);
}

test('what is followed is found behind a page of nothing, and followed no longer where it stands', async () => {
  const asked = serve([{ form: 'book', id: 'b1', title: '潮汐', at }]);
  show();
  const link = await screen.findByRole('link', { name: /潮汐/ });
  expect(link.getAttribute('href')).toBe('/f/book/b1');
  const star = screen.getByRole('button', { name: '关注 潮汐' });
  expect(star.getAttribute('aria-pressed')).toBe('true');
  await userEvent.click(star);
  await vi.waitFor(() => expect(star.getAttribute('aria-pressed')).toBe('false'));
  expect(asked.at(-1)).toBe('DELETE /api/v1/forms/book/records/b1/follow');
  await userEvent.click(star);
  await vi.waitFor(() => expect(star.getAttribute('aria-pressed')).toBe('true'));
  screen.getByRole('link', { name: /潮汐/ });
});

test('one form is chosen, and what is refused changes nothing', async () => {
  const asked = serve([{ form: 'book', id: 'b1', title: '潮汐', at }], true);
  show();
  await userEvent.selectOptions(await screen.findByLabelText('记录类型'), '图书');
  await vi.waitFor(() => expect(asked.some((one) => one.includes('form=book'))).toBe(true));
  const star = await screen.findByRole('button', { name: '关注 潮汐' });
  await userEvent.click(star);
  await vi.waitFor(() => expect(asked.at(-1)).toContain('DELETE'));
  await vi.waitFor(() => expect((star as HTMLButtonElement).disabled).toBe(false));
  expect(star.getAttribute('aria-pressed')).toBe('true');
});

test('who follows nothing is told how to', async () => {
  serve([]);
  show();
  await screen.findByRole('heading', { name: '这里还没有关注的记录' });
  expect(within(screen.getByRole('list')).queryAllByRole('listitem')).toEqual([]);
});

import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { World } from '../test/world';
import { Bell } from './Bell';

afterEach(() => vi.restoreAllMocks());

const told = (id: string, more: object) => ({ id, kind: 'assigned', at: '2026-03-02T01:00:00Z', count: 1, ...more });

/** A server with these notifications; what is read stays read. */
function serve(notifications: { id: string; readAt?: string }[]) {
  const calls: string[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    if (init?.method === 'POST') {
      calls.push(String(init.body));
      const { ids, all } = JSON.parse(String(init.body)) as { ids?: string[]; all?: boolean };
      for (const one of notifications) if (all || ids?.includes(one.id)) one.readAt = '2026-03-02T02:00:00Z';
    }
    const unread = { value: notifications.filter((one) => !one.readAt).length, exact: true };
    return Response.json(String(url).endsWith('/read') ? { unread } : { notifications, unread });
  });
  return calls;
}

function show() {
  const root = createRootRoute({ component: () => <Bell /> });
  const record = createRoute({ getParentRoute: () => root, path: '/f/$form/$id', component: () => null });
  const router = createRouter({
    routeTree: root.addChildren([record]),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  });
  render(
    <World>
      <RouterProvider router={router as never} />
    </World>,
  );
}

test('the bell counts what is not read, and what is opened is read', async () => {
  const calls = serve([
    told('n2', { text: '甲把图书「海」交给了您。', records: [{ form: 'book', id: 'b1', title: '海' }] }),
    told('n1', {
      text: '2 个图书已按规则收回公海。',
      count: 2,
      records: [{ form: 'book', id: 'b2', title: '山' }, { form: 'book' }],
    }),
  ]);
  show();
  await userEvent.click(await screen.findByRole('button', { name: '通知，2 条未读' }));
  const inbox = await screen.findByRole('dialog');
  const link = within(inbox).getByRole('link', { name: /甲把图书「海」/ });
  expect(link.getAttribute('href')).toBe('/f/book/b1');
  // Of two records one is out of sight: it is not offered.
  expect(
    within(inbox)
      .getAllByRole('link')
      .map((one) => one.textContent),
  ).toEqual([link.textContent, '山']);
  await userEvent.click(link);
  await screen.findByRole('button', { name: '通知，1 条未读' });
  expect(calls).toEqual(['{"ids":["n2"]}']);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('all are read at once', async () => {
  const calls = serve([
    told('n1', { text: '系统把图书「您现在看不到的记录」交给了您。', records: [{ form: 'book' }] }),
  ]);
  show();
  await userEvent.click(await screen.findByRole('button', { name: '通知，1 条未读' }));
  await userEvent.click(await screen.findByRole('button', { name: '全部标为已读' }));
  await screen.findByRole('button', { name: '通知' });
  expect(calls).toEqual(['{"all":true}']);
});

test('an empty inbox says so', async () => {
  serve([]);
  show();
  await userEvent.click(await screen.findByRole('button', { name: '通知' }));
  await screen.findByText('没有通知。');
});

import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { minute, useWorld, WorldProvider } from '../meta';
import { ViewingBanner } from '../shell/ViewingBanner';
import { World } from '../test/world';
import { usePrintNote } from '../views/usePrintNote';
import { opsOf } from './logKinds';
import { StaffPage } from './StaffPage';

const sent: { path: string; method: string; body: unknown }[] = [];
let answers: Record<string, unknown> = {};
const assign = vi.fn();

beforeEach(() => {
  sent.length = 0;
  assign.mockClear();
  vi.stubGlobal('location', { ...window.location, assign });
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    const path = url.replace('/api/v1', '');
    const body = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
    sent.push({ path, method: init?.method ?? 'GET', body });
    const dry = body?.dryRun === false ? `${path} done` : path;
    return new Response(JSON.stringify(answers[dry] ?? answers[path] ?? {}), { status: 200 });
  });
});

afterEach(() => vi.unstubAllGlobals());

const viewing = { by: { id: 'b', title: '老板' }, reason: '帮忙', until: new Date(Date.now() + 600_000).toISOString() };

function As({ children, looks, admin }: { children: React.ReactNode; looks?: boolean; admin?: boolean }) {
  const { me, catalog } = useWorld();
  const user = { ...me.user, admin: Boolean(admin) };
  return (
    <WorldProvider value={{ catalog, me: { ...me, user, viewing: looks ? viewing : undefined } }}>
      {children}
    </WorldProvider>
  );
}

test('the banner says as whom and until when, and ends it', async () => {
  render(<ViewingBanner />, {
    wrapper: ({ children }) => (
      <World>
        <As looks>{children}</As>
      </World>
    ),
  });
  expect(screen.getByRole('status').textContent).toContain('金');
  expect(screen.getByRole('status').textContent).toContain(minute(viewing.until));
  fireEvent.click(screen.getByRole('button', { name: '结束查看' }));
  await waitFor(() => expect(assign).toHaveBeenCalledWith('/'));
  expect(sent).toEqual([{ path: '/me/viewing', method: 'DELETE', body: undefined }]);
});

test('whoever is there in person sees no banner', () => {
  render(<ViewingBanner />, {
    wrapper: ({ children }) => (
      <World>
        <As>{children}</As>
      </World>
    ),
  });
  expect(screen.queryByRole('status')).toBeNull();
});

function Printing() {
  usePrintNote('book', 'r1');
  return null;
}

test('what is printed is told, and nothing while looking as somebody else', async () => {
  const { unmount } = render(<Printing />, {
    wrapper: ({ children }) => (
      <World>
        <As>{children}</As>
      </World>
    ),
  });
  window.dispatchEvent(new Event('beforeprint'));
  await waitFor(() =>
    expect(sent).toEqual([{ path: '/forms/book/printed', method: 'POST', body: { records: ['r1'] } }]),
  );
  unmount();
  render(<Printing />, {
    wrapper: ({ children }) => (
      <World>
        <As looks>{children}</As>
      </World>
    ),
  });
  window.dispatchEvent(new Event('beforeprint'));
  expect(sent).toHaveLength(1);
});

const book = new File(['x'], 'staff.xlsx');

test('a workbook with faults shows each and cannot be written', async () => {
  answers = {
    '/files': { id: 'f1', name: 'staff.xlsx' },
    '/admin/staff': {
      rows: [],
      issues: [{ sheet: 'people', row: 3, column: '手机', text: '1', code: 'staff.phone', message: '手机号不对。' }],
      done: false,
    },
  };
  const { container } = render(<StaffPage />, {
    wrapper: ({ children }) => (
      <World>
        <As admin>{children}</As>
      </World>
    ),
  });
  fireEvent.change(container.querySelector('input[type=file]') as HTMLInputElement, { target: { files: [book] } });
  expect((await screen.findByRole('alert')).textContent).toContain('手机号不对。');
  expect(screen.getByRole('alert').textContent).toContain('人员 第 3 行');
  expect(screen.queryByRole('button', { name: /写入/ })).toBeNull();
});

test('a workbook is looked at, then written, and the passwords are shown once', async () => {
  const row = { sheet: 'people', row: 2, name: '王芳', does: 'new' };
  answers = {
    '/files': { id: 'f1', name: 'staff.xlsx' },
    '/admin/staff': { rows: [row], issues: [], done: false },
    '/admin/staff done': { rows: [{ ...row, username: '13800000001', password: 'geheim' }], issues: [], done: true },
  };
  const { container } = render(<StaffPage />, {
    wrapper: ({ children }) => (
      <World>
        <As admin>{children}</As>
      </World>
    ),
  });
  fireEvent.change(container.querySelector('input[type=file]') as HTMLInputElement, { target: { files: [book] } });
  fireEvent.click(await screen.findByRole('button', { name: '写入 1 行' }));
  expect(await screen.findByText('geheim')).toBeTruthy();
  expect(sent.map(({ path, body }) => [path, body])).toEqual([
    ['/files', undefined],
    ['/admin/staff', { file: 'f1', dryRun: true }],
    ['/admin/staff', { file: 'f1', dryRun: false }],
  ]);
});

test('the log is asked for what was taken unless something else is meant, everything included', () => {
  expect(opsOf()).toBe('lookup.found,records.exported,records.printed');
  expect(opsOf('nonsense')).toBe(opsOf());
  expect(opsOf('printed')).toBe('records.printed');
  expect(opsOf('all')).toBeUndefined();
});

import { act, renderHook, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RecordView, Values } from '../api';
import { book, World } from '../test/world';
import { useRecordForm } from './useRecordForm';

const at = (version: number, values: Values) =>
  ({ id: '7', form: 'book', version, values, updatedBy: { id: 'u2', title: '李四' } }) as unknown as RecordView;

let sent: Array<{ method: string; version: unknown; body: unknown }>;
beforeEach(() => {
  sent = [];
  localStorage.clear();
  vi.stubGlobal(
    'fetch',
    vi.fn(async (url: string, init: RequestInit) => {
      const body = JSON.parse(String(init.body ?? 'null'));
      if (!url.includes('evaluate') && !url.includes('duplicates')) {
        sent.push({ method: init.method ?? 'GET', version: new Headers(init.headers).get('If-Match'), body });
      }
      return new Response(JSON.stringify({}), { headers: { 'Content-Type': 'application/json' } });
    }),
  );
});
afterEach(() => vi.unstubAllGlobals());

const open = (record: RecordView) =>
  renderHook(
    (props: { record: RecordView }) =>
      useRecordForm({ form: book, record: props.record, active: true, onSaved: () => undefined }),
    { wrapper: World, initialProps: { record } },
  );

test('where nothing is typed, what another saves is the ground at once', () => {
  const { result, rerender } = open(at(1, { name: '红楼梦' }));
  rerender({ record: at(2, { name: '石头记' }) });
  expect(result.current.values.name).toBe('石头记');
  expect(result.current.base?.version).toBe(2);
  expect(result.current.newer).toBeUndefined();
});

test('what is typed stays on its own ground, is told of a newer one, and is compared when asked', () => {
  const { result, rerender } = open(at(1, { name: '红楼梦', price: '3' }));
  act(() => result.current.set('name', '我写的'));
  rerender({ record: at(2, { name: '他写的', price: '3' }) });
  expect(result.current.values.name).toBe('我写的');
  expect(result.current.base?.version).toBe(1);
  expect(result.current.newer?.updatedBy.title).toBe('李四');
  act(() => void result.current.compare());
  expect(result.current.conflict).toMatchObject({ yours: { name: '我写的' }, theirs: { version: 2 } });
  act(() => result.current.drop());
  expect(result.current.values.name).toBe('他写的');
  expect(result.current.newer).toBeUndefined();
});

test('a draft that comes back to a newer record is not sent over it unseen', async () => {
  const first = open(at(1, { name: '红楼梦' }));
  act(() => first.result.current.set('name', '草稿'));
  first.unmount();
  const { result } = open(at(4, { name: '他写的' }));
  expect(result.current.values.name).toBe('草稿');
  expect(result.current.newer?.version).toBe(4);
  await act(() => result.current.save());
  await waitFor(() => expect(sent.some((one) => one.method === 'PATCH')).toBe(true));
  expect(sent.find((one) => one.method === 'PATCH')?.version).toContain('1');
});

test('a save that is refused for what the rules do not know is told of as long as it stays the same', async () => {
  const told = vi.fn();
  vi.stubGlobal('fetch', async (url: string) =>
    url.includes('evaluate')
      ? Response.json({ values: {}, fields: {}, issues: [] })
      : Response.json(
          {
            status: 422,
            title: '不行',
            detail: '',
            code: 'record.invalid',
            errors: [{ path: '/values/name', code: 'x', message: '已有同名' }],
          },
          { status: 422 },
        ),
  );
  const { result } = renderHook(
    () =>
      useRecordForm({
        form: book,
        record: at(1, { name: '红' }),
        active: true,
        onSaved: () => undefined,
        onRefused: told,
      }),
    { wrapper: World },
  );
  act(() => result.current.set('name', '石头记'));
  expect(result.current.sure).toBe(false);
  await waitFor(() => expect(result.current.sure).toBe(true));
  await act(() => result.current.save());
  expect(told).toHaveBeenCalledOnce();
  expect(result.current.wrong.fields.name).toEqual({ '': '已有同名' });
  expect(result.current.sure).toBe(false);
  expect(result.current.values.name).toBe('石头记');
});

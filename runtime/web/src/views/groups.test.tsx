import { act, render, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Line } from '../grid/lines';
import type { Form } from '../meta';
import { book, World } from '../test/world';
import { GroupFeeds, type Groups, groupFilter, useGroups } from './groups';

interface Asked {
  url: URL;
  body: { group?: unknown; metrics?: unknown; filter?: unknown; limit?: number } | null;
}
let asked: Asked[];
let rows: { keys: unknown[]; metrics: unknown[] }[];
let failing: boolean;
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

beforeEach(() => {
  asked = [];
  failing = false;
  rows = [
    { keys: ['b'], metrics: [1234, '50000.00'] },
    { keys: [null], metrics: [7, null] },
    { keys: ['a'], metrics: [3, '1.50'] },
  ];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const url = new URL(path, 'http://host');
    asked.push({ url, body: JSON.parse(String(init.body ?? 'null')) });
    if (url.pathname.endsWith('/aggregate')) return json({ rows });
    if (failing) return json({ status: 500, title: '', detail: '', code: 'x' }, 500);
    const after = url.searchParams.get('after');
    const record = (id: string) => ({ id, values: { name: id }, rights: {} });
    return json(after ? { records: [record('2')] } : { records: [record('1')], next: 'p2' });
  });
});

const question = { form: 'book', view: 'all', filter: '{"field":"price","op":"gt","value":"1"}', sort: '-price' };
let groups: Groups | undefined;
const fields = book.fields;

function Harness({ by, form = book, q }: { by?: string; form?: Form; q?: string }) {
  const found = useGroups(form, fields, by, q ? { ...question, q } : question);
  groups = found;
  return (
    <>
      {found && <GroupFeeds groups={found} />}
      <ul>
        {found?.lines.map((line) => (
          <li key={line.key}>{textOf(line)}</li>
        ))}
      </ul>
    </>
  );
}

const textOf = (line: Line) =>
  line.kind === 'group'
    ? `${line.group.text || '-'} ${line.group.count} ${Object.values(line.group.sums).join(' ')}`
    : line.kind === 'record'
      ? `record ${line.record.id}`
      : `more ${line.fault ?? ''}`;
const lines = () => screen.getAllByRole('listitem').map((item) => item.textContent);
const show = (props: Parameters<typeof Harness>[0]) =>
  render(
    <World>
      <Harness {...props} />
    </World>,
  );
const lists = () => asked.filter((one) => one.url.pathname.endsWith('/records'));
const heads = ['甲 3 ¥1.50', '乙 1,234 ¥50,000.00', '- 7 —'];

test('groups stand in the order of the options with how many and how much, and none of their records is asked for', async () => {
  show({ by: 'state' });
  await screen.findByText('甲 3', { exact: false });
  // The computed total is summed beside the price.
  expect(lines().map((line) => line?.replace(/ undefined| —$/, ''))).toHaveLength(3);
  expect(lines().map((line) => line?.split(' ').slice(0, 3).join(' '))).toEqual(heads);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.body).toMatchObject({
    group: [{ field: 'state' }],
    metrics: [{ op: 'count' }, { op: 'sum', field: 'price' }, { op: 'sum', field: 'total' }],
    filter: { field: 'price' },
  });
});

test('an open group asks for its own records page after page, and closed it lets them go', async () => {
  show({ by: 'state' });
  await screen.findByText('甲 3', { exact: false });
  act(() => groups?.onToggle('"a"'));
  await screen.findByText('record 1');
  expect(lines()).toHaveLength(5);
  const first = lists()[0]?.url.searchParams;
  expect(JSON.parse(first?.get('filter') ?? '')).toEqual({
    and: [{ field: 'state', op: 'eq', value: 'a' }, JSON.parse(question.filter)],
  });
  expect([first?.get('view'), first?.get('sort')]).toEqual(['all', '-price']);
  act(() => groups?.onMore('"a"'));
  await screen.findByText('record 2');
  expect(lists()[1]?.url.searchParams.get('after')).toBe('p2');
  expect(lines().filter((line) => line?.startsWith('more'))).toEqual([]);
  expect(groups?.records.map((record) => record.id)).toEqual(['1', '2']);
  act(() => groups?.onToggle('"a"'));
  expect(lines()).toHaveLength(3);
});

test('a group that cannot be had says so in its place, and asks again when it is wanted', async () => {
  failing = true;
  show({ by: 'state' });
  await screen.findByText('甲 3', { exact: false });
  act(() => groups?.onToggle('null'));
  const fault = await screen.findByText('more', { exact: false });
  await waitFor(() => expect(fault.textContent).not.toBe('more '));
  failing = false;
  act(() => groups?.onMore('null'));
  await screen.findByText('record 1');
});

test('nothing stands together by words, nor by what is no choice, nor by what is masked', () => {
  const masked = { ...book, fields: book.fields.map((field) => ({ ...field, masked: true })) };
  for (const props of [{ by: 'state', q: '红' }, { by: 'name' }, {}, { by: 'state', form: masked as Form }]) {
    const { unmount } = show(props);
    expect(groups).toBeUndefined();
    unmount();
  }
  expect(asked).toEqual([]);
});

test('of very many groups the largest are shown, and that there are more is known', async () => {
  rows = Array.from({ length: 201 }, (_, n) => ({ keys: [`v${n}`], metrics: [300 - n, null] }));
  show({ by: 'state' });
  await waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(200));
  expect(groups?.cut).toBe(true);
  expect(asked[0]?.body?.limit).toBe(201);
});

test('a group is asked for by what its value is', () => {
  const of = (value: unknown) => JSON.parse(groupFilter('f', value, undefined));
  expect(of({ id: 'u1', title: '金' })).toEqual({ field: 'f', op: 'eq', value: 'u1' });
  expect(of(false)).toEqual({ field: 'f', op: 'eq', value: false });
  expect(of(null)).toEqual({ field: 'f', op: 'empty' });
});

import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Pool } from '../api';
import type { Form } from '../meta';
import { Toasts } from '../shell/Toasts';
import { book, label, World } from '../test/world';
import { Left } from './Left';
import { Waiting } from './Waiting';

vi.mock('@tanstack/react-router', () => ({
  Link: ({ children }: { children: React.ReactNode }) => <a href="/">{children}</a>,
}));

const form: Form = {
  ...book,
  owner: 'holder',
  pools: [{ key: 'east', label: label('东池') }],
  actions: [{ key: 'take', label: label('拿走'), kind: 'primary', many: true, ask: { reason: 'no' } }],
};
const pool: Pool = { key: 'east', label: label('东池'), rights: ['claim'], claims: { used: 8, most: 10 } };
const record = (id: string) => ({
  id,
  form: 'book',
  version: 1,
  values: { name: `书 ${id}` },
  pool: { key: 'east', since: '2026-03-01T00:00:00Z' },
  rights: { update: false, delete: false, actions },
});

const ended = {
  id: 'j1',
  kind: 'reclaim',
  state: 'done',
  progress: { done: 2, total: 2 },
  report: { counts: { reclaimed: 2 } },
};
let actions = ['take'];
let isListed = true;
const asked: URL[] = [];
const bodies: unknown[] = [];
let answer: () => Promise<Response>;
const json = (status: number, body?: unknown) =>
  new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json' },
  });

beforeEach(() => {
  actions = ['take'];
  isListed = true;
  asked.length = 0;
  bodies.length = 0;
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const url = new URL(path, 'http://x');
    asked.push(url);
    if (init.method === 'POST') {
      bodies.push(JSON.parse(String(init.body)));
      return answer();
    }
    if (url.pathname.includes('/jobs/')) return json(200, ended);
    if (!isListed) return json(403, { status: 403, title: 'x', detail: '不可查看', code: 'access.denied' });
    return json(200, { records: [record('a'), record('b')], count: { value: 2, exact: true } });
  });
});

const open = () => {
  render(
    <World>
      <Waiting form={form} pool={pool} />
      <Toasts />
    </World>,
  );
  return userEvent.setup();
};

test('asked for is what lies in the pool and belongs to nobody, with when it came there', async () => {
  open();
  await screen.findByText('书 a');
  expect(JSON.parse(asked[0]?.searchParams.get('filter') ?? '')).toEqual({
    and: [
      { field: 'pool', op: 'eq', value: 'east' },
      { field: 'holder', op: 'empty' },
    ],
  });
  expect(screen.getByRole('status').textContent).toBe('共 2 条');
});

test('what is taken is away at once, and back with the reason where it is refused', async () => {
  let refuse = () => {};
  answer = () =>
    new Promise((resolve) => {
      refuse = () => resolve(json(409, { status: 409, title: 'x', detail: '已被他人领取', code: 'pool.claimed' }));
    });
  const user = open();
  await screen.findByText('书 a');
  await user.click(screen.getAllByRole('button', { name: '拿走' })[0] as HTMLElement);
  await waitFor(() => expect(screen.queryByText('书 a')).toBeNull());
  expect(screen.getByText('书 b')).toBeTruthy();
  refuse();
  await screen.findByText('已被他人领取');
  await screen.findByText('书 a');
});

test('several are dealt with together when they are selected', async () => {
  const user = open();
  await screen.findByText('书 a');
  await user.click(screen.getByRole('checkbox', { name: '全选已载入的记录' }));
  expect(screen.getByText('已选 2 条')).toBeTruthy();
});

test('whoever may only look has nothing to select', async () => {
  actions = [];
  open();
  await screen.findByText('书 a');
  expect(screen.queryByRole('checkbox')).toBeNull();
});

test('what is left is told to those who may claim, and the sweep to those who manage', () => {
  const sweep = { on: false, next: '2026-03-02T01:00:00Z', due: 3 };
  const { rerender } = render(
    <World>
      <Left form={form} pool={pool} />
    </World>,
  );
  expect(screen.getByText('2', { selector: 'strong' })).toBeTruthy();
  expect(screen.queryByText('自动回收')).toBeNull();
  rerender(
    <World>
      <Left form={form} pool={{ ...pool, rights: ['manage'], sweep }} />
    </World>,
  );
  expect(screen.queryByText('今日还可领取')).toBeNull();
  expect(screen.getByRole('button', { name: '开启自动回收' })).toBeTruthy();
  rerender(
    <World>
      <Left form={form} pool={{ ...pool, rights: ['manage'], sweep: { ...sweep, on: true, due: 0 } }} />
    </World>,
  );
  expect(screen.queryByRole('button', { name: '查看并收回' })).toBeNull();
  expect(screen.getByRole('button', { name: '改为仅报告' })).toBeTruthy();
  rerender(
    <World>
      <Left form={form} pool={{ ...pool, rights: ['view'], opened: { used: 50, most: 200 } }} />
    </World>,
  );
  expect(screen.getByText('150', { selector: 'strong' })).toBeTruthy();
  expect(screen.getByRole('meter', { name: '今日可打开记录' })).toHaveProperty('value', 50);
});

/** Opens the list of what a sweep would take, by the button that leads there. */
async function looksAtSweep(on: boolean, by: string, listed: string | RegExp = '书 b') {
  const sweep = { on, next: '2026-03-02T01:00:00Z', due: 2 };
  render(
    <World>
      <Left form={form} pool={{ ...pool, rights: ['manage'], sweep }} />
      <Toasts />
    </World>,
  );
  const user = userEvent.setup();
  await user.click(screen.getByRole('button', { name: by }));
  const sheet = within(screen.getByRole('dialog', { name: '「东池」的自动回收', hidden: true }));
  await sheet.findByText(listed);
  return { sheet, press: (name: string) => user.click(sheet.getByRole('button', { name, hidden: true })) };
}

test('a sweep is turned on with its list before one, and says how much was seen', async () => {
  answer = async () => json(204);
  const { sheet, press } = await looksAtSweep(false, '开启自动回收');
  expect(sheet.getByText(/目前应收回 2 条/)).toBeTruthy();
  await press('开启自动回收');
  await screen.findByText('自动回收已开启');
  expect(bodies).toEqual([{ do: 'on', seen: 2 }]);
  expect(screen.queryByRole('dialog', { hidden: true })).toBeNull();
});

test('a list that does not come lets nobody turn a sweep on', async () => {
  isListed = false;
  const { sheet } = await looksAtSweep(false, '开启自动回收', /不可查看/);
  expect(sheet.getByRole<HTMLButtonElement>('button', { name: '开启自动回收', hidden: true }).disabled).toBe(true);
});

test('what came due meanwhile was not seen: the sheet stays and says so', async () => {
  answer = async () => json(409, { status: 409, title: 'x', detail: '请先查看名单', code: 'pool.sweepUnseen' });
  const { sheet, press } = await looksAtSweep(false, '开启自动回收');
  await press('开启自动回收');
  await sheet.findByText('请先查看名单');
});

test('what a sweep has stopped at is let go from its list', async () => {
  answer = async () => json(202, ended);
  const { sheet, press } = await looksAtSweep(true, '查看并收回');
  await press('收回 2 条');
  await sheet.findByText('已收回');
  expect(bodies).toEqual([{ do: 'force' }]);
});

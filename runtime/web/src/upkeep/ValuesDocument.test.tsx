import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { label, World } from '../test/world';
import { ValuesDocument } from './ValuesDocument';

vi.mock('@tanstack/react-router', () => ({ Link: ({ children }: { children: React.ReactNode }) => children }));

const found = {
  kind: 'table',
  key: 'days',
  label: label('天数表'),
  inputs: [{ key: 'state', label: label('状态'), type: 'option', of: 'book.state' }],
  outputs: [{ key: 'days', label: label('天数'), type: 'integer' }],
  rows: JSON.parse(`[
    {"row": 0, "when": {"state": "a"}, "then": {"days": 7}},
    {"row": 1, "when": {"state": "b"}, "then": {"days": 15}}
  ]`) as unknown,
  values: [
    { path: '/rows/0/then/days', value: 7 },
    { path: '/rows/1/then/days', value: 15 },
  ],
  waiting: [],
  past: [],
};
const fine = {
  ok: true,
  changes: [],
  errors: [],
  warnings: [],
  impact: [
    {
      form: 'book',
      found: {
        form: 'book',
        total: 30,
        examined: 30,
        affected: 3,
        ended: true,
        effects: [{ kind: 'deadline', name: 'east', count: 3, samples: [{ id: '1', title: '红楼梦' }] }],
        leaving: [
          {
            pool: 'east',
            owner: 'u1',
            ownerName: '王芳',
            tierField: 'state',
            tier: 'a',
            tonight: { was: 0, will: 2 },
            month: { was: 4, will: 4 },
            samples: [{ id: '2', title: '西游记' }],
          },
          { pool: 'east', tonight: { was: 1, will: 1 }, month: { was: 1, will: 1 }, samples: [] },
        ],
      },
    },
  ],
};
const file = (pool: string) => ({
  path: '/reclaim/0/days',
  code: 'x',
  message: '不能小于 0。',
  file: `pools/${pool}.json`,
});
const bad = { ok: false, changes: [], errors: [file('east'), file('west')], warnings: [], impact: [] };

interface Sent {
  path: string;
  method: string;
  match: string | null;
  body: { values?: unknown; effectiveFrom?: string; note?: string } | null;
}
let sent: Sent[];
let check: object;
let refusal: object | undefined;

beforeEach(() => {
  sent = [];
  check = fine;
  refusal = undefined;
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const body = typeof init.body === 'string' ? JSON.parse(init.body) : null;
    const headers = new Headers(init.headers);
    if (init.method !== 'GET') sent.push({ path, method: init.method ?? '', match: headers.get('If-Match'), body });
    const type = { 'Content-Type': 'application/json', ETag: '"t1"' };
    if (path.endsWith('/values') && refusal)
      return new Response(JSON.stringify(refusal), { status: 412, headers: type });
    const answer = path.endsWith('/maintained')
      ? { documents: [{ kind: 'pool', key: 'east', label: label('东池') }] }
      : path.endsWith('/check')
        ? check
        : path.endsWith('/values')
          ? { id: 'c1' }
          : found;
    return new Response(JSON.stringify(answer), { headers: type });
  });
});

async function show() {
  render(
    <World>
      <ValuesDocument kind="table" name="days" />
    </World>,
  );
  await waitFor(() => expect(named('天数 · 甲')).not.toBeNull());
  return named('天数 · 甲') as HTMLInputElement;
}
// By names alone: to ask for roles looks through all of the page, each time.
const named = (name: string) => document.querySelector(`[aria-label="${name}"]`);
const buttons = () => [...document.querySelectorAll('button')];
const button = (name: string) => buttons().find((one) => one.textContent === name) as HTMLButtonElement;
const type = (input: HTMLElement, value: string) => fireEvent.change(input, { target: { value } });

test('whom it would take how many from, tonight and within thirty days', async () => {
  const input = await show();
  type(input, '10');
  fireEvent.click(button('试算影响'));
  await screen.findByText('回收日期会变（东池）', { exact: false });
  const table = screen.getByRole('region', { name: '将被回收' }).querySelector('tbody') as HTMLElement;
  const rows = [...table.querySelectorAll('tr')].map((row) => [...row.children].map((cell) => cell.textContent));
  expect(rows).toEqual([
    ['东池', '王芳', '甲', '0 → 2', '4'],
    ['按现行规则不会回收： 西游记'],
    ['东池', '其他', '—', '1', '1'],
  ]);
});

test('other values are tried first, then kept with the state that they were changed from', async () => {
  const input = await show();
  expect(button('试算影响').disabled).toBe(true);
  type(input, '10');
  expect(button('确认生效')).toBeUndefined();
  fireEvent.click(button('试算影响'));
  await screen.findByText('共 30 条记录，3 条会有变化');
  await screen.findByText('回收日期会变（东池）', { exact: false });
  fireEvent.click(button('确认生效'));
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent.map((one) => [one.path.replace(/.*maintained/, ''), one.match, one.body?.values])).toEqual([
    ['/table/days/check', '"t1"', [{ path: '/rows/0/then/days', value: 10 }]],
    ['/table/days/values', '"t1"', [{ path: '/rows/0/then/days', value: 10 }]],
  ]);
});

test('what was tried counts for those values alone: others are tried anew', async () => {
  const input = await show();
  type(input, '10');
  fireEvent.click(button('试算影响'));
  await screen.findByText('确认生效');
  type(input, '11');
  expect(button('确认生效')).toBeUndefined();
  // As it was: nothing is left to be changed.
  type(input, '7');
  expect(button('试算影响').disabled).toBe(true);
});

test('what is no number is marked and cannot be tried', async () => {
  const input = await show();
  type(input, '十');
  expect(input.getAttribute('aria-invalid')).toBe('true');
  expect(button('试算影响').disabled).toBe(true);
  screen.getByText('有填写不正确的值，已标出');
});

test('what forbids the values is said once with the documents that it is said of, and nothing can be kept', async () => {
  check = bad;
  const input = await show();
  type(input, '-3');
  fireEvent.click(button('试算影响'));
  await screen.findByText('东池 · west');
  expect([...document.querySelectorAll('[role=alert]')].map((one) => one.textContent)).toEqual([
    '回收天数 不能小于 0。 东池 · west',
  ]);
  expect(button('确认生效')).toBeUndefined();
});

test('from a day on they are planned, and a refusal keeps what was typed', async () => {
  refusal = { status: 412, code: 'upkeep.stale', title: '', detail: '刚刚被别人改过。' };
  const input = await show();
  type(input, '10');
  fireEvent.click(screen.getByText('从某天起'));
  type(screen.getByLabelText('生效日期'), '2030-01-05');
  type(screen.getByText('变更说明').parentElement?.querySelector('input') as HTMLElement, ' 旺季 ');
  fireEvent.click(button('试算影响'));
  fireEvent.click(await screen.findByText('确认从 2030-01-05 起生效'));
  await screen.findByText(/刚刚被别人改过/);
  expect(sent.at(-1)?.body).toMatchObject({ effectiveFrom: '2030-01-05', note: '旺季' });
  expect(input.value).toBe('10');
});

import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Widget } from '../meta';
import { label, World } from '../test/world';
import { stretchBefore } from './period';
import { type Scope, scopeOf } from './scope';
import { WidgetCard } from './WidgetCard';

const gone: { search: { f?: string } }[] = [];
vi.mock('@tanstack/react-router', () => ({ useNavigate: () => (to: (typeof gone)[0]) => gone.push(to) }));

interface Asked {
  metrics?: unknown[];
  filter?: string;
  group?: unknown[];
  sort?: string;
  limit?: number;
}
const asked: Asked[] = [];
let answer: (body: Asked) => { keys: unknown[]; metrics: unknown[] }[];

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-03-31T12:00:00Z'), toFake: ['Date'] });
  gone.length = asked.length = 0;
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    const body = JSON.parse(String(init.body)) as Asked;
    asked.push(body);
    return new Response(JSON.stringify({ rows: answer(body) }), { headers: { 'Content-Type': 'application/json' } });
  });
});
afterEach(() => vi.useRealTimers());

const scope: Scope = scopeOf({ key: 'desk', label: label('柜台'), widgets: [] }, { period: 'thisMonth' });

function open(more: Partial<Widget>) {
  const widget = { key: 'w', label: label('价值'), form: 'book', kind: 'figure', ...more } as Widget;
  render(
    <World>
      <WidgetCard widget={widget} scope={scope} />
    </World>,
  );
  return userEvent.setup();
}

test('a figure that is called otherwise than its field reads so, and is asked for as what it is', async () => {
  answer = ({ group }) => [{ keys: group ? [{ id: 'u3', title: '林' }] : [], metrics: ['300.00', '100.00'] }];
  const metrics = [
    { op: 'sum' as const, field: 'price' },
    { op: 'avg' as const, field: 'price', label: label('平均单价') },
  ];
  open({ kind: 'table', group: [{ field: 'createdBy' }], metrics });
  await screen.findByRole('columnheader', { name: '平均单价' });
  expect(asked.map((one) => one.metrics)).toEqual(
    asked.map(() => [
      { op: 'sum', field: 'price' },
      { op: 'avg', field: 'price' },
    ]),
  );
});

test('a share says of how many it is, and leads to the records that are the part', async () => {
  answer = ({ filter }) => [{ keys: [], metrics: [filter?.includes('kept') ? '8' : '3'] }];
  const user = open({ filter: 'kind == "sold"', share: 'kind in ["sold", "kept"]' });
  const figure = await screen.findByRole('button', { name: '37.5%' });
  expect(screen.getByText('3 / 8')).toBeTruthy();
  await user.click(figure);
  expect(JSON.parse(gone[0]?.search.f ?? '').items[0]).toMatchObject({ expr: 'kind == "sold"' });
});

test('a share of nothing is an em dash', async () => {
  answer = () => [{ keys: [], metrics: ['0'] }];
  open({ filter: 'kind == "sold"', share: 'kind in ["sold", "kept"]' });
  await screen.findByRole('button', { name: '—' });
  expect(screen.getByText('0 / 0')).toBeTruthy();
});

test('a ranking numbers the greatest first, ten of them; equals share a place, and the reader stands out', async () => {
  const people = [
    ['u3', '林', '300.00'],
    ['u1', '金', '200.00'],
    ['u4', '王', '200.00'],
    ['u5', '赵', '10.00'],
  ];
  answer = () => people.map(([id, title, sum]) => ({ keys: [{ id, title }], metrics: [sum] }));
  const user = open({
    kind: 'ranking',
    group: [{ field: 'createdBy' }],
    metrics: [{ op: 'sum', field: 'price' }],
  });
  const places = within(await screen.findByRole('list')).getAllByRole('button');
  expect(places.map((one) => one.title)).toEqual([
    '第 1 名：林，¥300.00',
    '第 2 名：金，¥200.00',
    '第 2 名：王，¥200.00',
    '第 4 名：赵，¥10.00',
  ]);
  expect(places.map((one) => one.className.includes('mine'))).toEqual([false, true, false, false]);
  expect(asked).toMatchObject([{ sort: '-0', limit: 11 }]);
  await user.click(places[2] as HTMLElement);
  const { items } = JSON.parse(gone[0]?.search.f ?? '');
  expect(items).toEqual([{ field: 'createdBy', op: 'in', value: [{ id: 'u4', title: '王' }] }]);
});

test('a table has a line per group, a column per figure, and the whole asked for by itself below', async () => {
  answer = ({ group }) =>
    group
      ? [
          { keys: ['a'], metrics: [3, '10.00'] },
          { keys: [null], metrics: [1, '20.00'] },
        ]
      : [{ keys: [], metrics: [4, '12.50'] }];
  const user = open({
    kind: 'table',
    group: [{ field: 'state' }],
    metrics: [
      { op: 'count', label: label('册数') },
      { op: 'avg', field: 'price' },
    ],
  });
  await screen.findByText('合计');
  const rows = screen.getAllByRole<HTMLTableRowElement>('row');
  const lines = rows.map((row) => [...row.cells].map((cell) => cell.textContent));
  expect(lines).toEqual([
    ['字段 stage', '册数', '字段 currency'],
    ['甲', '3', '¥10.00'],
    ['未填写', '1', '¥20.00'],
    ['合计', '4', '¥12.50'],
  ]);
  await user.click(screen.getByRole('button', { name: '甲' }));
  expect(JSON.parse(gone[0]?.search.f ?? '').items).toEqual([{ field: 'state', op: 'in', value: ['a'] }]);
});

test('a progress says how far it is on its way to its target, within the same period', async () => {
  answer = ({ filter }) => [{ keys: [], metrics: [filter?.includes('total') ? '400.00' : '100.00'] }];
  const metrics = [{ op: 'sum' as const, field: 'price' }];
  open({ kind: 'progress', metrics, target: { form: 'book', filter: 'total > 0', metrics, date: 'createdAt' } });
  const bar = await screen.findByRole('progressbar', { name: '价值' });
  expect(bar.getAttribute('aria-valuenow')).toBe('25');
  expect(bar.getAttribute('aria-valuetext')).toBe('¥100.00，目标 ¥400.00, 25%');
  expect(asked.map((one) => one.filter)).toContain(
    '(total > 0) and date(createdAt) >= date("2026-03-01") and date(createdAt) < date("2026-04-01")',
  );
});

test.each([
  ['0.00', '—', '0'],
  ['50.00', '200%', '100'],
])('a target of %s is %s', async (target, percent, bar) => {
  answer = ({ filter }) => [{ keys: [], metrics: [filter ? target : '100.00'] }];
  const metrics = [{ op: 'sum' as const, field: 'price' }];
  open({ kind: 'progress', metrics, target: { form: 'book', filter: 'total > 0', metrics } });
  await screen.findByText(percent);
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe(bar);
});

test.each([
  ['up', 150, 'good', '50%', '比 2026-02-01 至 2026-02-28 多 50%'],
  ['down', 150, 'bad', '50%', '比 2026-02-01 至 2026-02-28 多 50%'],
  ['up', 75, 'bad', '25%', '比 2026-02-01 至 2026-02-28 少 25%'],
  ['up', 100, 'quiet', '0%', '与 2026-02-01 至 2026-02-28 持平'],
] as const)('a figure whose good is %s, at %i of 100, is %s', async (trend, now, tone, percent, said) => {
  answer = ({ filter }) => [{ keys: [], metrics: [filter?.includes('2026-02') ? 100 : now] }];
  open({ trend, date: 'createdAt' });
  const mark = (await screen.findByText(percent)).closest('small');
  expect(mark?.className).toContain(tone);
  expect(mark?.title).toBe(said);
});

test.each([
  ['today', '2026-05-30', '2026-05-31', '2026-05-30'],
  ['thisWeek', '2026-05-18', '2026-05-25', '2026-05-24'],
  ['thisMonth', '2026-04-01', '2026-05-01', '2026-04-30'],
  ['lastMonth', '2026-03-01', '2026-04-01', '2026-03-31'],
  ['thisQuarter', '2026-01-01', '2026-03-01', '2026-02-28'],
  ['thisYear', '2025-01-01', '2025-06-01', '2025-05-31'],
  ['last30Days', '2026-04-02', '2026-05-02', '2026-05-01'],
  ['last12Months', '2024-06-01', '2025-06-01', '2025-05-31'],
] as const)('before %s lies as much of it', (period, ...days) => {
  vi.setSystemTime(new Date('2026-05-31T12:00:00Z'));
  expect(stretchBefore(period)).toEqual(days);
});

test('before all time lies nothing', () => expect(stretchBefore('all')).toBeUndefined());

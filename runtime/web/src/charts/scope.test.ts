import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Dashboard, Widget } from '../meta';
import { book, label } from '../test/world';
import { behind, searchBehind } from './behind';
import { conditionsFor, expressionOf, ignoredBy, scopeOf, writtenWith } from './scope';

const widget: Widget = {
  key: 'worth',
  label: label('价值'),
  kind: 'figure',
  form: 'book',
  filter: 'price > 1 or total > 1',
};
const dashboard: Dashboard = {
  key: 'desk',
  label: label('柜台'),
  period: { default: 'thisMonth' },
  filters: [
    { key: 'state', label: label('状态'), fields: { book: 'state', loan: 'state' } },
    { key: 'maker', label: label('创建人'), fields: { book: 'createdBy' } },
    { key: 'open', label: label('未还'), fields: { loan: 'open' } },
  ],
  widgets: [widget],
};
const where = JSON.stringify({ state: ['a', 'b'], maker: ['@me', { id: 'u2', title: '林' }], open: [true] });
const scope = scopeOf(dashboard, { period: 'all', where });

beforeEach(() => vi.useFakeTimers({ now: new Date('2026-03-10T12:00:00Z') }));
afterEach(() => vi.useRealTimers());

test('an address states the period and what is chosen; without one the page begins as it is defined', () => {
  expect(scope.period).toBe('all');
  expect(scope.chosen).toEqual(JSON.parse(where));
  expect(scopeOf(dashboard, {})).toEqual({ period: 'thisMonth', filters: dashboard.filters, chosen: {} });
});

test.each(['{', '7', 'null', '{"state":"a"}', '{"state":[]}', '{"state":[null,{},""]}', '{"nothing":["a"]}'])(
  'an address that chooses nothing the page knows, %s, narrows nothing',
  (text) => expect(scopeOf(dashboard, { where: text }).chosen).toEqual({}),
);

test('what is chosen is written so that the same address opens the same', () => {
  const next = writtenWith(scope, 'state', ['b']);
  expect(scopeOf(dashboard, { where: next }).chosen).toEqual({ ...scope.chosen, state: ['b'] });
  const none = scopeOf(dashboard, { where: writtenWith(scope, 'state', []) });
  expect(Object.keys(none.chosen)).toEqual(['maker', 'open']);
  expect(writtenWith({ ...scope, chosen: { state: ['a'] } }, 'state', [])).toBeUndefined();
});

test('a widget obeys the filters that name its form, beside its own condition', () => {
  expect(expressionOf(book, widget, scope)).toBe(
    '(price > 1 or total > 1) and state in ["a", "b"] and createdBy in [actor.id, "u2"]',
  );
  const loan = { ...book, key: 'loan' };
  expect(expressionOf(loan, { ...widget, filter: undefined }, scope)).toBe('state in ["a", "b"] and open == true');
  expect(expressionOf({ ...book, key: 'shelf' }, { ...widget, filter: undefined }, scope)).toBeUndefined();
});

test('both of yes and no are no condition', () => {
  const both = scopeOf(dashboard, { where: '{"open":[true,false]}' });
  expect(conditionsFor(both, 'loan')).toEqual([]);
});

test('the period narrows a widget with a date, by the days of the organisation', () => {
  const month = scopeOf(dashboard, {});
  const dated = { ...widget, filter: undefined, date: 'createdAt' };
  expect(expressionOf(book, dated, month)).toBe(
    'date(createdAt) >= date("2026-03-01") and date(createdAt) < date("2026-04-01")',
  );
  expect(behind(book, dated, month, [])).toEqual([
    { field: 'createdAt', op: 'gte', value: '2026-03-01T00:00:00.000Z' },
    { field: 'createdAt', op: 'lt', value: '2026-04-01T00:00:00.000Z' },
  ]);
});

test('what a click opens is narrowed as the widget is, and to what was clicked', () => {
  const grouped = { ...widget, group: [{ field: 'state' }] };
  expect(behind(book, grouped, scope, [{ raw: 'a', text: '甲' }])).toEqual([
    { field: 'state', op: 'in', value: ['a'] },
    { field: 'state', op: 'in', value: ['a', 'b'] },
    { field: 'createdBy', op: 'in', value: ['@me', { id: 'u2', title: '林' }] },
  ]);
  expect(behind(book, grouped, scope, [{ raw: null, text: '—' }])[0]).toEqual({ field: 'state', op: 'empty' });
});

test('a click opens just what was counted: by the condition of the widget, in a view that leaves nothing out', () => {
  const counted = { expr: widget.filter, label: widget.label };
  const view = (key: string, filter?: string) => ({
    key,
    form: 'book',
    label: label(key),
    kind: 'table' as const,
    filter,
  });
  const form = { ...book, views: [view('mine', 'createdBy == actor.id'), view('all')] };
  const found = searchBehind(form, widget, scopeOf(dashboard, { period: 'all' }), []);
  expect(found.view).toBe('all');
  expect(JSON.parse(found.f ?? '')).toEqual({ join: 'and', items: [counted] });
  expect(searchBehind(form, { ...widget, view: 'mine' }, scope, []).view).toBe('mine');
  // A list goes on in the view that it shows, the first where it names none.
  expect(searchBehind(form, { ...widget, kind: 'list' }, scope, []).view).toBeUndefined();
});

test.each([
  ['day', '2026-03-09', '2026-03-09', '2026-03-10'],
  ['week', '2026-03-09', '2026-03-09', '2026-03-16'],
  ['month', '2026-03', '2026-03-01', '2026-04-01'],
  ['quarter', '2026-Q2', '2026-04-01', '2026-07-01'],
  ['year', '2026', '2026-01-01', '2027-01-01'],
] as const)('a click on a %s, %s, opens all of it', (bucket, key, from, until) => {
  const dated = { ...widget, group: [{ field: 'day', bucket }] };
  const open = scopeOf({ ...dashboard, filters: [] }, { period: 'all' });
  expect(behind(book, dated, open, [{ raw: key, text: key }])).toEqual([
    { field: 'day', op: 'gte', value: from },
    { field: 'day', op: 'lt', value: until },
  ]);
});

test('of the filters in use those are told that a widget does not know', () => {
  expect(ignoredBy(scope, widget).map((one) => one.key)).toEqual(['open']);
  expect(ignoredBy(scope, { ...widget, form: 'loan' }).map((one) => one.key)).toEqual(['maker']);
  expect(ignoredBy(scopeOf(dashboard, {}), widget)).toEqual([]);
  const measured = { ...widget, target: { form: 'shelf' } };
  expect(ignoredBy(scope, measured).map((one) => one.key)).toEqual(['state', 'maker', 'open']);
});

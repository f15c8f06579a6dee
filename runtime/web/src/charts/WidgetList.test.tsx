import { render, screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { type Catalog, type Form, type View, type Widget, WorldProvider } from '../meta';
import { book, label, World } from '../test/world';
import { scopeOf } from './scope';
import { WidgetList } from './WidgetList';

vi.mock('@tanstack/react-router', () => ({
  Link: ({ children }: { children: React.ReactNode }) => <a href="/">{children}</a>,
}));

const views: View[] = [
  { key: 'all', form: 'loan', label: label('全部'), kind: 'table' },
  { key: 'agenda', form: 'loan', label: label('日程'), kind: 'agenda', group: 'due' },
];
const loan: Form = { ...book, key: 'loan', views, pools: [{ key: 'east', label: label('东池') }] };
const catalog = { app: 'library', version: '1', menu: [], forms: [loan], dashboards: [] } as unknown as Catalog;
const me = { user: { id: 'u1', username: 'kim', name: '金', admin: false }, tenant: 't', zone: 'UTC', roles: [] };

const asked: (string | null)[] = [];
let timed: string[];
let untimed: string[];
const pool = { key: 'east', since: '2026-03-01T00:00:00Z', reclaimAt: '2026-03-20T08:00:00Z' };

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal('fetch', async (path: string) => {
    const { searchParams } = new URL(path, 'http://x');
    const filter = searchParams.get('filter');
    asked.push(filter);
    const all = filter?.includes('due == nil') ? untimed : timed;
    const most = Number(searchParams.get('limit'));
    const records = all.slice(0, most).map((name) => ({ id: name, version: 1, values: { name }, rights: {}, pool }));
    const body = { records, next: all.length > most ? 'p2' : undefined };
    return new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } });
  });
});

function open(more: Partial<Widget>) {
  const widget: Widget = { key: 'w', label: label('清单'), form: 'loan', kind: 'list', columns: ['name'], ...more };
  const scope = scopeOf({ key: 'd', label: label('柜台'), widgets: [] }, {});
  render(
    <World>
      <WorldProvider value={{ catalog, me } as never}>
        <WidgetList widget={widget} scope={scope} />
      </WorldProvider>
    </World>,
  );
}

const names = () => screen.getAllByRole('cell').map((cell) => cell.textContent);

test.each([
  [['late', 'soon'], ['some day'], ['late', 'soon', 'some day'], false],
  [['late', 'soon', 'next'], [], ['late', 'soon', 'next'], false],
  [['late', 'soon', 'next'], ['some day'], ['late', 'soon', 'next'], true],
  [['late', 'soon', 'next', 'later'], ['some day'], ['late', 'soon', 'next'], true],
])(
  'of an agenda with %j and then %j three are %j, and whether there are more is %s',
  async (first, then, want, more) => {
    timed = first;
    untimed = then;
    open({ view: 'agenda', limit: 3 });
    await screen.findByText('late');
    expect(names()).toEqual(want);
    expect(screen.queryByText('查看全部') !== null).toBe(more);
    expect(asked[0]).toBe('due != nil');
  },
);

test('any other view keeps its own order, and a column tells when a pool takes a record back', async () => {
  timed = ['a'];
  open({ view: 'all', columns: ['name', 'reclaimAt'] });
  await screen.findByText('a');
  expect(screen.getAllByRole('columnheader').map((one) => one.textContent)).toEqual(['字段 text', '收回时间']);
  expect(names()[1]).toMatch(/^2026-03-20/);
  expect(asked).toEqual([null]);
});

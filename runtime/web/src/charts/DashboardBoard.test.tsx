import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { type Catalog, type Dashboard, type Form, WorldProvider } from '../meta';
import { book, label } from '../test/world';
import { DashboardBoard } from './DashboardBoard';

let search: Record<string, string>;
const gone: { search: unknown }[] = [];
vi.mock('@tanstack/react-router', () => ({
  useNavigate: () => (to: { search: unknown }) => gone.push(to),
  useSearch: () => search,
  Link: ({ children, search: at }: { children: React.ReactNode; search?: object }) => (
    <a href={`/?${JSON.stringify(at)}`}>{children}</a>
  ),
}));

const loan: Form = {
  ...book,
  key: 'loan',
  label: label('借阅'),
  views: [{ key: 'all', form: 'loan', label: label('全部'), kind: 'table' }],
};
const catalog = { app: 'library', version: '1', menu: ['book'], forms: [book, loan] } as unknown as Catalog;
const me = { user: { id: 'u1', username: 'kim', name: '金', admin: false }, tenant: 't', zone: 'UTC', roles: [] };
const dashboard: Dashboard = {
  key: 'desk',
  label: label('柜台'),
  filters: [
    { key: 'state', label: label('状态'), fields: { book: 'state', loan: 'state' } },
    { key: 'maker', label: label('创建人'), fields: { loan: 'createdBy' } },
  ],
  widgets: [
    { key: 'books', label: label('册数'), kind: 'figure', form: 'book', view: 'all', filter: 'price > 1' },
    { key: 'list', label: label('最新'), kind: 'list', form: 'loan', view: 'all' },
  ],
};

const asked: { path: string; filter: unknown }[] = [];
const json = (body: unknown) => new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } });

beforeEach(() => {
  search = {};
  gone.length = asked.length = 0;
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const url = new URL(path, 'http://x');
    const { filter } = JSON.parse(String(init.body ?? '{}')) as { filter?: unknown };
    asked.push({ path: url.pathname, filter: filter ?? url.searchParams.get('filter') ?? undefined });
    const record = { id: 'r1', version: 1, values: { name: '红楼梦' }, rights: {} };
    if (url.pathname.endsWith('/aggregate')) return json({ rows: [{ keys: [], metrics: [12] }] });
    if (url.pathname.includes('/people')) return json({ people: [{ id: 'u2', title: '林' }] });
    return json({ records: [record], next: 'p2' });
  });
});

function open() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <WorldProvider value={{ catalog, me } as never}>
        <DashboardBoard dashboard={dashboard} />
      </WorldProvider>
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

const filterOf = (path: string) => asked.find((one) => one.path.includes(path))?.filter;
/** What the page wrote into its address. */
const written = () => {
  const { search: change } = gone.at(-1) ?? {};
  return (change as (now: object) => { where?: string })({}).where;
};

test('figures and lists ask within what the address chooses', async () => {
  search = { where: JSON.stringify({ state: ['a'], maker: ['@me'] }) };
  open();
  await screen.findByRole('button', { name: '12' });
  await screen.findByText('红楼梦');
  expect(filterOf('/book/aggregate')).toBe('(price > 1) and state in ["a"]');
  expect(filterOf('/loan/')).toBe('state in ["a"] and createdBy in [actor.id]');
});

test('a widget says which of the filters in use it does not know, and nothing where it knows them all', async () => {
  search = { where: JSON.stringify({ state: ['a'], maker: ['@me'] }) };
  open();
  expect(within(screen.getByRole('region', { name: '册数' })).getByText('不受筛选影响：创建人')).toBeTruthy();
  expect(within(screen.getByRole('region', { name: '最新' })).queryByText(/不受筛选影响/)).toBeNull();
});

test('the number and the end of a list open their records within the same choices', async () => {
  search = { where: JSON.stringify({ state: ['a'] }) };
  const user = open();
  await user.click(await screen.findByRole('button', { name: '12' }));
  const chosen = { field: 'state', op: 'in', value: ['a'] };
  const { search: opened } = gone[0] ?? {};
  const counted = { expr: 'price > 1', label: label('册数') };
  expect(JSON.parse((opened as { f: string }).f)).toEqual({ join: 'and', items: [counted, chosen] });
  const all = await screen.findByRole('link', { name: '查看全部' });
  expect(all.getAttribute('href')).toContain(JSON.stringify(JSON.stringify({ join: 'and', items: [chosen] })));
});

test('ticking a choice writes it into the address, ticking it again takes it out', async () => {
  const user = open();
  await user.click(screen.getByRole('button', { name: '状态' }));
  await user.click(await screen.findByRole('checkbox', { name: '乙' }));
  expect(written()).toBe('{"state":["b"]}');
});

test('what is chosen stands in the button, and can be cleared at once', async () => {
  search = { where: JSON.stringify({ state: ['a', 'b'], maker: ['@me', { id: 'u2', title: '林' }] }) };
  const user = open();
  expect(screen.getByRole('button', { name: '创建人 我自己、林' })).toBeTruthy();
  await user.click(screen.getByRole('button', { name: '状态 甲、乙' }));
  await user.click(await screen.findByRole('checkbox', { name: '甲' }));
  expect(JSON.parse(written() ?? '')).toEqual({ state: ['b'], maker: ['@me', { id: 'u2', title: '林' }] });
  await user.click(screen.getByRole('button', { name: '清空筛选' }));
  expect(written()).toBeUndefined();
});

test('people are chosen by name, or as whoever looks', async () => {
  const user = open();
  await user.click(screen.getByRole('button', { name: '创建人' }));
  await user.click(await screen.findByRole('combobox', { name: '创建人' }));
  await user.click(await screen.findByText('林'));
  expect(written()).toBe('{"maker":[{"id":"u2","title":"林"}]}');
  await user.click(screen.getByRole('checkbox', { name: '我自己' }));
  expect(written()).toBe('{"maker":["@me"]}');
});

test('full screen leaves the menu out, also where the browser has none; Escape ends it', async () => {
  const user = open();
  const button = screen.getByRole('button', { name: '全屏' });
  await user.click(button);
  expect(document.documentElement.dataset.full).toBe('');
  expect(button.getAttribute('aria-pressed')).toBe('true');
  await user.keyboard('{Escape}');
  await waitFor(() => expect(document.documentElement.dataset.full).toBeUndefined());
});

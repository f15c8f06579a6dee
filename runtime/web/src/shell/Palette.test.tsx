import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { RecordView } from '../api';
import { type Catalog, type Form, WorldProvider } from '../meta';
import { book, label } from '../test/world';
import Palette from './Palette';

const gone: unknown[] = [];
let params: Record<string, string>;
let search: Record<string, string>;
vi.mock('@tanstack/react-router', () => ({
  useNavigate: () => (to: unknown) => gone.push(to),
  useParams: () => params,
  useSearch: () => search,
  Link: () => null,
}));

const ask = { reason: 'no' };
const form = {
  ...book,
  pools: [{}],
  actions: [
    { key: 'lend', label: label('借出'), kind: 'primary', ask },
    { key: 'drop', label: label('剔除'), kind: 'danger', ask: { reason: 'required' } },
  ],
} as unknown as Form;
const catalog = {
  app: 'library',
  version: '1',
  menu: ['book'],
  forms: [form],
  dashboards: [{ key: 'd1', label: label('馆藏') }],
} as unknown as Catalog;
const me = { user: { id: 'u1', username: 'kim', name: '金', admin: false }, tenant: 't', zone: 'UTC', roles: [] };
const record = {
  id: 'r1',
  form: 'book',
  version: 3,
  values: { name: '红楼梦' },
  rights: { update: true, delete: true, actions: ['lend'] },
} as unknown as RecordView;

let acted: string[];
const ends = { close: vi.fn(), explain: vi.fn() };

// The made-up browser has nothing to scroll.
Element.prototype.scrollIntoView = () => undefined;

beforeEach(() => {
  gone.length = 0;
  acted = [];
  params = {};
  search = {};
  ends.close.mockClear();
  ends.explain.mockClear();
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    if (init.method === 'POST') acted.push(path);
    const answer = path.endsWith('/maintained')
      ? { documents: [{ kind: 'table', key: 'days', label: label('天数表') }] }
      : path.includes('/search')
        ? { records: [record] }
        : record;
    return new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } });
  });
});

function show() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(['record', 'book', 'r1'], record);
  render(
    <QueryClientProvider client={client}>
      <WorldProvider value={{ catalog, me } as unknown as Parameters<typeof WorldProvider>[0]['value']}>
        <Palette onClose={ends.close} onExplain={ends.explain} />
      </WorldProvider>
    </QueryClientProvider>,
  );
  return document.querySelector('[role=combobox]') as HTMLElement;
}
const options = () => [...document.querySelectorAll('[role=option]')];
const texts = () => options().map((one) => one.textContent);
const choose = (name: string) => fireEvent.click(options().find((one) => one.textContent === name) as Element);

test('it leads to what the menu has and to what it has no room for', async () => {
  show();
  await screen.findByText('天数表');
  expect(texts()).toEqual([
    '首页',
    '图书',
    '图书 · 公海',
    '馆藏',
    '后台任务',
    '我的关注',
    '提到我的',
    '天数表业务参数',
    '新建图书',
    '键盘快捷键',
  ]);
  choose('馆藏');
  expect(gone).toEqual([{ to: '/d/$key', params: { key: 'd1' } }]);
  expect(ends.close).toHaveBeenCalled();
});

test('what may be done to the record in view is offered, on its page and beside a list, and done at once', async () => {
  params = { form: 'book' };
  search = { record: 'r1' };
  show();
  expect(texts().slice(0, 2)).toEqual(['借出', '首页']);
  expect(texts()).not.toContain('剔除');
  screen.getByText('对“红楼梦”');
  choose('借出');
  await waitFor(() => expect(ends.close).toHaveBeenCalled());
  expect(acted).toEqual(['/api/v1/forms/book/records/r1/actions/lend']);
});

test('words find places, actions and records together; without a record in view no action is there', async () => {
  const input = show();
  expect(texts()).not.toContain('借出');
  fireEvent.change(input, { target: { value: '红' } });
  await screen.findByText('红楼梦');
  fireEvent.keyDown(input, { key: 'Enter' });
  expect(gone).toEqual([{ to: '/f/$form/$id', params: { form: 'book', id: 'r1' } }]);
});

test('it shows the way to the keys', () => {
  show();
  choose('键盘快捷键');
  expect(ends.explain).toHaveBeenCalled();
});

import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { books, type Kept, lists, showList } from '../test/list';
import { type Asked, serve } from '../test/server';
// Loaded when it is asked for; here beforehand, so that no wait for it is part of a test.
import './FilterBuilder';

let asked: Asked[];
const kept: Kept = { records: books, views: [] };
beforeEach(() => {
  asked = serve(lists(kept));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const wanted = (name: string) =>
  asked
    .filter(({ path }) => path === '/forms/book/records')
    .at(-1)
    ?.search.get(name) ?? '';
async function pop(button: string | RegExp) {
  fireEvent.click(await screen.findByRole('button', { name: button }));
  return within(await screen.findByRole('dialog', { name: button }));
}
const search = () => screen.findByRole<HTMLInputElement>('searchbox', { name: '在列表中搜索' });
const type = (input: HTMLElement, value: string) => fireEvent.change(input, { target: { value } });

test('a condition stands in the address, narrows the list and is counted on its button; half of one asks nothing', async () => {
  const { address } = await showList('/f/book?view=all');
  const panel = await pop('筛选');
  fireEvent.click(panel.getByText('添加条件'));
  await screen.findByRole('button', { name: '筛选，1 个条件' });
  expect(wanted('filter')).toBe('');
  type(panel.getByLabelText('值'), '红');
  await waitFor(() =>
    expect(JSON.parse(wanted('filter') || '0')).toEqual({ and: [{ field: 'name', op: 'contains', value: '红' }] }),
  );
  expect(JSON.parse((address().search as { f: string }).f)).toEqual({
    join: 'and',
    items: [{ field: 'name', op: 'contains', value: '红' }],
  });
  fireEvent.click(panel.getByText('清空筛选'));
  await screen.findByRole('button', { name: '筛选' });
  await waitFor(() => expect(address().search).toEqual({ view: 'all' }));
});

test('the list is ordered by three fields at most, each up or down, and by the view where all are taken away', async () => {
  const { address } = await showList('/f/book?view=cheap');
  const sort = () => (address().search as { sort?: string }).sort;
  // The view’s own order is not counted as somebody’s.
  const panel = await pop('排序');
  fireEvent.click(panel.getByText('降序'));
  await waitFor(() => expect(sort()).toBe('-price'));
  await waitFor(() => expect(wanted('sort')).toBe('-price'));
  fireEvent.click(panel.getByText('添加排序'));
  await screen.findByRole('button', { name: '排序，2 项' });
  fireEvent.click(panel.getByText('添加排序'));
  await waitFor(() => expect(sort()).toBe('-price,name,state'));
  expect(panel.queryByText('添加排序')).toBeNull();
  fireEvent.click(panel.getAllByLabelText('移除排序')[1] as HTMLElement);
  await waitFor(() => expect(sort()).toBe('-price,state'));
  for (const rest of ['state', undefined]) {
    fireEvent.click(panel.getAllByLabelText('移除排序')[0] as HTMLElement);
    await waitFor(() => expect(sort()).toBe(rest));
  }
  await waitFor(() =>
    expect(screen.getByRole('columnheader', { name: /字段 currency/ }).getAttribute('aria-sort')).toBe('ascending'),
  );
});

test('records stand together by a field that is chosen, and no longer when it is chosen again', async () => {
  const { address } = await showList('/f/book?view=all');
  await screen.findByText('水浒传');
  const choices = (await pop('分组')).getAllByRole('button');
  expect(choices.map((one) => one.textContent)).toEqual(['字段 stage']);
  fireEvent.click(choices[0] as HTMLElement);
  await screen.findByRole('button', { name: '展开“甲”' });
  expect(address().search).toEqual({ view: 'all', group: 'state' });
  expect(screen.queryByRole('dialog')).toBeNull();
  const again = (await pop('分组')).getByRole('button', { pressed: true });
  fireEvent.click(again);
  await screen.findByText('水浒传');
  expect(address().search).toEqual({ view: 'all' });
});

test('another view has its own order, and what was searched for stays', async () => {
  const { address } = await showList(`/f/book?view=all&sort=name&pin=price&q=${encodeURIComponent('水')}`);
  const views = within(await screen.findByRole('group', { name: '视图' }));
  expect(views.getByRole('button', { pressed: true }).textContent).toBe('全部');
  fireEvent.click(views.getByText('便宜的'));
  await waitFor(() => expect(address().search).toEqual({ view: 'cheap', q: '水' }));
  await waitFor(() => expect([wanted('view'), wanted('sort'), wanted('q')]).toEqual(['cheap', 'price', '水']));
  expect(views.getByRole('button', { pressed: true }).textContent).toBe('便宜的');
});

test('words are searched for once typing has paused, and going back finds the words before', async () => {
  const { address, history } = await showList('/f/book?view=all');
  const input = await search();
  type(input, '红');
  type(input, '红楼');
  await waitFor(() => expect(wanted('q')).toBe('红楼'));
  expect(asked.some((one) => one.search.get('q') === '红')).toBe(false);
  expect(address().search).toEqual({ view: 'all', q: '红楼' });
  await act(async () => history.push(`/f/book?view=all&q=${encodeURIComponent('水')}`));
  await waitFor(() => expect(input.value).toBe('水'));
  await act(async () => history.back());
  await waitFor(() => expect(input.value).toBe('红楼'));
});

test('what is typed on while the words before go into the address is not lost', async () => {
  const { address } = await showList('/f/book?view=all');
  const input = await search();
  vi.useFakeTimers();
  type(input, '红');
  // The address changes a moment after it is asked to: the next letter falls into that.
  act(() => void vi.advanceTimersByTime(260));
  type(input, '红楼');
  await act(() => vi.advanceTimersByTimeAsync(100));
  expect([(address().search as { q?: string }).q, input.value]).toEqual(['红', '红楼']);
  await act(() => vi.advanceTimersByTimeAsync(300));
  expect([(address().search as { q?: string }).q, input.value]).toEqual(['红楼', '红楼']);
});

test('where records are selected, what can be done to them stands in its place', async () => {
  await showList('/f/book?view=all');
  await screen.findByText('水浒传');
  fireEvent.click(screen.getByLabelText('选择第 1 行'));
  const bar = within(await screen.findByRole('toolbar', { name: '对所选记录的操作' }));
  bar.getByText('已选 1 条');
  expect(screen.queryByRole('toolbar', { name: '列表工具' })).toBeNull();
  fireEvent.click(bar.getByText('取消选择'));
  await screen.findByRole('toolbar', { name: '列表工具' });
});

test('what is followed is a list of its own, which the address keeps and another view ends', async () => {
  const { address } = await showList('/f/book?view=cheap&q=x');
  const tab = await screen.findByRole('button', { name: '我的关注' });
  expect([tab.getAttribute('aria-pressed'), wanted('with')]).toEqual(['false', '']);
  fireEvent.click(tab);
  await waitFor(() => expect(wanted('with')).toBe('followed'));
  expect(address().search).toEqual({ view: 'all', with: 'followed' });
  expect(tab.getAttribute('aria-pressed')).toBe('true');
  fireEvent.click(within(screen.getByRole('group', { name: '视图' })).getAllByRole('button')[0] as HTMLElement);
  await waitFor(() => expect(wanted('with')).toBe(''));
  expect(tab.getAttribute('aria-pressed')).toBe('false');
});

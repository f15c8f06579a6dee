import { fireEvent, screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { View } from '../meta';
import { showPage } from '../test/page';
import { book, label } from '../test/world';
import { ListEmpty } from './ListEmpty';
import type { ListState } from './listState';

const mine = { key: 'mine', label: label('我的图书'), filter: 'owner == actor.id' } as View;
const all = { key: 'all', label: label('全部图书') } as View;
const set = vi.fn();
beforeEach(() => set.mockClear());

const show = (state: Partial<ListState>, views = [mine, all]) =>
  showPage(
    <ListEmpty
      form={{ ...book, views }}
      control={{ state: { view: mine, wire: '', q: '', ...state } as ListState, set }}
    />,
  );
const title = () => screen.getByRole('heading').textContent;

test('a view of some does not say that there are none, and leads to the view of all', async () => {
  await show({});
  expect(title()).toBe('“我的图书”里没有记录');
  fireEvent.click(screen.getByRole('button', { name: '查看“全部图书”' }));
  expect(set).toHaveBeenCalledWith({ view: 'all' });
});

test('a saved view is left with all that it says', async () => {
  await show({ saved: 's1' });
  fireEvent.click(screen.getByRole('button', { name: '查看“全部图书”' }));
  expect(Object.keys(set.mock.lastCall?.[0])).toEqual(expect.arrayContaining(['saved', 'group', 'sort', 'f']));
});

test('where no view shows all, none is led to', async () => {
  await show({}, [mine]);
  expect(title()).toBe('“我的图书”里没有记录');
  expect(screen.queryByRole('button')).toBeNull();
});

test('a view of all says that there are none', async () => {
  await show({ view: all });
  expect(title()).toBe(`还没有${book.label['zh-CN']}`);
  expect(screen.queryByRole('button')).toBeNull();
});

test('what is sought in a view of some is cleared first', async () => {
  await show({ q: '潮' });
  expect(title()).toBe('没有符合条件的记录');
  expect(screen.getAllByRole('button').map((one) => one.textContent)).toEqual(['清空筛选和搜索']);
});

import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { books, lists, showList } from '../test/list';
import { serve } from '../test/server';

beforeEach(() => void serve(lists({ records: books, views: [] })));
// How a list was arranged outlives its page: each test begins with one that nobody has touched.
afterEach(async () => {
  const reset = screen.queryByText('恢复视图的列') as HTMLButtonElement | null;
  if (reset && !reset.disabled) fireEvent.click(reset);
  vi.restoreAllMocks();
});

const heads = () =>
  screen
    .getAllByRole('columnheader')
    .map((one) => one.textContent)
    .filter(Boolean);
const plain = ['字段 text', '字段 currency', '字段 stage'];

async function openMenu(at = '/f/book?view=all') {
  const page = await showList(at);
  await screen.findByText('水浒传');
  fireEvent.click(screen.getByRole('button', { name: '列' }));
  const menu = within(await screen.findByRole('dialog', { name: '列' }));
  const names = () => menu.getAllByRole('checkbox').map((one) => one.closest('label')?.textContent?.trim());
  const line = (name: string) => within(menu.getByText(name).closest('li') as HTMLElement);
  const reset = () => menu.getByText('恢复视图的列') as HTMLButtonElement;
  return { ...page, menu, names, line, reset };
}

test('the columns of the view come first, then all others that there are', async () => {
  const { menu, names, reset } = await openMenu();
  expect(heads()).toEqual(plain);
  expect(names()).toEqual([...plain, '字段 currency', '创建时间', '创建人', '更新时间', '更新人']);
  expect(menu.getAllByRole<HTMLInputElement>('checkbox').map(({ checked }) => checked)).toEqual([
    ...plain.map(() => true),
    ...Array(5).fill(false),
  ]);
  expect(reset().disabled).toBe(true);
});

test('a column is hidden and shown again, one that the view lacks is put behind, and the view’s come back', async () => {
  const { line, reset } = await openMenu();
  fireEvent.click(line('字段 stage').getByRole('checkbox'));
  expect(heads()).toEqual(plain.slice(0, 2));
  fireEvent.click(line('创建人').getByRole('checkbox'));
  expect(heads()).toEqual([...plain.slice(0, 2), '创建人']);
  fireEvent.click(line('字段 stage').getByRole('checkbox'));
  expect(heads()).toEqual([...plain, '创建人']);
  fireEvent.click(line('创建人').getByRole('checkbox'));
  expect(heads()).toEqual(plain);
  fireEvent.click(line('字段 stage').getByRole('checkbox'));
  fireEvent.click(reset());
  expect(heads()).toEqual(plain);
  expect(reset().disabled).toBe(true);
});

test('a pinned column stands before the others, and the address tells whoever gets it', async () => {
  const { line, address } = await openMenu();
  const pin = line('字段 stage').getByRole('button', { name: '固定“字段 stage”在左侧' });
  expect(pin.getAttribute('aria-pressed')).toBe('false');
  fireEvent.click(pin);
  await waitFor(() => expect(heads()).toEqual(['字段 stage', '字段 text', '字段 currency']));
  await waitFor(() => expect(address().search).toEqual({ view: 'all', pin: 'state' }));
  await waitFor(() => expect(line('字段 stage').getByRole('button', { pressed: true })).toBeTruthy());
  fireEvent.click(line('字段 stage').getByRole('button', { pressed: true }));
  await waitFor(() => expect(heads()).toEqual(plain));
});

test('the first column is shown to stay, is let go with the others, and gives way to another', async () => {
  const { line, reset, address } = await openMenu();
  const pin = (name: string) => line(name).getByRole('button', { name: `固定“${name}”在左侧` });
  const stay = () => ['字段 text', '字段 stage'].map((name) => pin(name).getAttribute('aria-pressed'));
  const pinned = () => document.querySelectorAll('[role=columnheader][data-pin]').length;
  expect([stay(), pinned()]).toEqual([['true', 'false'], 1]);
  fireEvent.click(pin('字段 text'));
  await waitFor(() => expect(address().search).toEqual({ view: 'all', pin: '-' }));
  expect([stay(), pinned(), heads()]).toEqual([['false', 'false'], 0, plain]);
  fireEvent.click(pin('字段 stage'));
  await waitFor(() => expect(address().search).toEqual({ view: 'all', pin: 'state' }));
  expect([stay(), pinned()]).toEqual([['false', 'true'], 1]);
  fireEvent.click(reset());
  await waitFor(() => expect(stay()).toEqual(['true', 'false']));
});

test('a column goes one place on or back, and no further than the ends', async () => {
  const { line, names } = await openMenu();
  const by = (name: string, way: string) =>
    line(name).getByRole<HTMLButtonElement>('button', { name: `${name} ${way}` });
  expect(by('字段 text', '前移').disabled).toBe(true);
  expect(by('更新人', '后移').disabled).toBe(true);
  fireEvent.click(by('字段 text', '后移'));
  await waitFor(() => expect(heads()).toEqual(['字段 currency', '字段 text', '字段 stage']));
  expect(names().slice(0, 3)).toEqual(heads());
  fireEvent.click(by('字段 text', '前移'));
  await waitFor(() => expect(heads()).toEqual(plain));
});

test('past a column that is hidden it goes in the menu’s order, and shows there when it comes back', async () => {
  const { line } = await openMenu();
  fireEvent.click(line('字段 text').getByRole('checkbox'));
  fireEvent.click(line('字段 stage').getByRole('button', { name: '字段 stage 前移' }));
  await waitFor(() => expect(heads()).toEqual(['字段 stage', '字段 currency']));
  fireEvent.click(line('字段 text').getByRole('checkbox'));
  await waitFor(() => expect(heads()).toEqual(['字段 text', '字段 stage', '字段 currency']));
});

test('how columns were arranged is there when the list is opened again', async () => {
  const { line } = await openMenu();
  fireEvent.click(line('字段 stage').getByRole('checkbox'));
  document.body.innerHTML = '';
  await showList('/f/book?view=all');
  await screen.findByText('水浒传');
  expect(heads()).toEqual(plain.slice(0, 2));
  expect(JSON.parse(localStorage.getItem('tw.grid.book.all') ?? '0')).toEqual({ hidden: ['state'], added: [] });
  fireEvent.click(screen.getByRole('button', { name: '列' }));
});

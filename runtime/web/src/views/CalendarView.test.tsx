import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RecordView } from '../api';
import type { Form } from '../meta';
import { showPage } from '../test/page';
import { type Asked, held, problem, recordOf, serve } from '../test/server';
import { book, defOf } from '../test/world';
import { CalendarView } from './CalendarView';
import type { ListProps } from './listProps';

const due = { key: 'due', definition: defOf('date') };
const dated: Form = { ...book, fields: [...book.fields, due] };

let kept: RecordView[];
let changes: ReturnType<typeof held>;
beforeEach(() => {
  changes = held();
  kept = [
    recordOf('1', { name: '红楼梦', due: '2026-03-10' }),
    recordOf('2', { name: '水浒传', due: '2026-03-11' }, { rights: { update: false, delete: false, actions: [] } }),
  ];
});
const plain = window.matchMedia;
afterEach(() => void vi.stubGlobal('matchMedia', plain));

const list = ({ method }: Asked) => (method === 'GET' ? { records: kept } : undefined);
const set = vi.fn();
const open = vi.fn();
const show = (state: object = {}, form: Form = dated) =>
  showPage(
    <CalendarView
      {...({
        form,
        control: { state: { view: { group: 'due' }, at: '2026-03-10', span: '', ...state }, set },
        question: { form: 'book', filter: '{"field":"state","op":"eq","value":"a"}' },
        open,
      } as unknown as ListProps)}
    />,
  );

const on = (day: string) =>
  [...screen.getByRole('region', { name: day }).querySelectorAll('.event-open')].map((one) => one.textContent);

async function move(name: string, by: string) {
  const event = (await screen.findByRole('button', { name })).closest('li') as HTMLElement;
  fireEvent.click(within(event).getByRole('button', { name: `移动「${name}」` }));
  fireEvent.click(await screen.findByRole('button', { name: by }));
}

test('a month shows its whole weeks and asks for them alone, beside what the list is narrowed to', async () => {
  const asked = serve(list);
  await show();
  await screen.findByText('红楼梦');
  expect([on('2026-03-10'), on('2026-03-11'), on('2026-03-12')]).toEqual([['红楼梦'], ['水浒传'], []]);
  expect(screen.getAllByRole('region', { name: /^\d{4}-/ })).toHaveLength(42);
  expect(JSON.parse(asked[0]?.search.get('filter') ?? '')).toEqual({
    and: [
      { field: 'due', op: 'gte', value: '2026-02-23' },
      { field: 'due', op: 'lt', value: '2026-04-06' },
      { field: 'state', op: 'eq', value: 'a' },
    ],
  });
  fireEvent.click(screen.getByText('红楼梦'));
  expect(open).toHaveBeenCalledWith('1');
});

test('it is turned by a month, shown by the week, and brought back to today', async () => {
  serve(list);
  await show({ span: 'week' });
  expect(screen.getAllByRole('region', { name: /^\d{4}-/ })).toHaveLength(7);
  fireEvent.click(screen.getByRole('button', { name: '月' }));
  expect(set).toHaveBeenLastCalledWith({ span: 'month' }, true);
  fireEvent.click(screen.getByRole('button', { name: '往后' }));
  expect(set).toHaveBeenLastCalledWith({ at: '2026-03-17' }, true);
});

test('where no field tells a day, that is said with a way out', async () => {
  serve(list);
  await show({}, book);
  fireEvent.click(await screen.findByRole('button', { name: '换到默认视图' }));
  expect(set).toHaveBeenLastCalledWith({ view: undefined });
});

test('a record moves to another day at once, and comes back where that is refused', async () => {
  const asked = serve(list, (one) => changes.answer(one));
  await show();
  await move('红楼梦', '推后一天');
  await waitFor(() => expect([on('2026-03-10'), on('2026-03-11')]).toEqual([[], ['红楼梦', '水浒传']]));
  await waitFor(() => expect(changes.count).toBe(1));
  expect(asked.find(({ method }) => method === 'PATCH')?.body).toEqual({ values: { due: '2026-03-11' } });
  changes.release(problem(403, { detail: '这一天已满' }));
  await screen.findByText('这一天已满');
  await waitFor(() => expect([on('2026-03-10'), on('2026-03-11')]).toEqual([['红楼梦'], ['水浒传']]));
});

test('what may not be changed has no menu to move it by', async () => {
  serve(list);
  await show();
  const event = (await screen.findByText('水浒传')).closest('li') as HTMLElement;
  expect(within(event).getAllByRole('button')).toHaveLength(1);
});

test('on a phone the days that have something stand one after the other', async () => {
  vi.stubGlobal('matchMedia', (media: string) => ({
    matches: true,
    media,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
  serve(list);
  await show();
  await screen.findByText('红楼梦');
  expect(screen.getAllByRole('region', { name: /^\d{4}-/ }).map((day) => day.getAttribute('aria-label'))).toEqual([
    '2026-03-10',
    '2026-03-11',
  ]);
});

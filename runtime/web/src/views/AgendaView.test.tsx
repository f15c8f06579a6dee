import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { RecordView } from '../api';
import { type Form, instantOf } from '../meta';
import { showPage } from '../test/page';
import { type Asked, held, problem, recordOf, serve } from '../test/server';
import { book, defOf } from '../test/world';
import { AgendaView, partFilter } from './AgendaView';
import type { ListProps } from './listProps';

const due = { key: 'due', definition: defOf('date') };
const done = { key: 'done', definition: defOf('boolean') };
const tasks: Form = { ...book, fields: [...book.fields, due, done] };

let kept: Record<string, RecordView[]>;
let changes: ReturnType<typeof held>;
beforeEach(() => {
  changes = held();
  kept = {
    overdue: [recordOf('1', { name: '晚了', due: '2020-01-01', done: false })],
    undated: [recordOf('2', { name: '随时', done: false })],
  };
});

/** The part that a filter asks for. */
function partOf(filter: string) {
  const { and } = JSON.parse(filter) as { and: { op: string }[] };
  return and.length > 1 ? 'today' : ({ lt: 'overdue', gte: 'later', empty: 'undated' }[and[0]?.op ?? ''] ?? '');
}

function list({ method, search }: Asked) {
  if (method !== 'GET') return undefined;
  const records = kept[partOf(search.get('filter') ?? '')] ?? [];
  return { records, count: { value: records.length, exact: true } };
}

const open = vi.fn();
const set = vi.fn();
const show = (view: object = {}, all = { isError: false, isPending: false }) =>
  showPage(
    <AgendaView
      {...({
        form: tasks,
        fields: [book.fields[0], done],
        control: { state: { view: { group: 'due', done: 'done', ...view } }, set },
        list: { query: all, records: [recordOf('1', {})] },
        question: { form: 'book' },
        open,
      } as unknown as ListProps)}
    />,
  );

test('only parts that have something stand there, each with how many', async () => {
  serve(list);
  await show();
  await screen.findByText('随时');
  expect(screen.getAllByRole('heading').map((one) => one.textContent)).toEqual(['已过期 1', '未定时间 1']);
  fireEvent.click(screen.getByText('随时'));
  expect(open).toHaveBeenCalledWith('2');
});

test('what is done with is ticked at once, and can be taken back', async () => {
  const asked = serve(list, (one) => changes.answer(one));
  await show();
  const row = (await screen.findByText('晚了')).closest('li') as HTMLElement;
  const box = within(row).getAllByRole('button')[0] as HTMLElement;
  expect(box.getAttribute('aria-pressed')).toBe('false');
  fireEvent.click(box);
  await waitFor(() => expect(box.getAttribute('aria-pressed')).toBe('true'));
  await waitFor(() => expect(changes.count).toBe(1));
  expect(asked.find(({ method }) => method === 'PATCH')?.body).toEqual({ values: { done: true } });
  kept.overdue = [];
  changes.release(recordOf('1', { name: '晚了', due: '2020-01-01', done: true }, { version: 2 }));
  await screen.findByRole('button', { name: '撤销' });
  await waitFor(() => expect(screen.queryByText('晚了')).toBeNull());
});

test('a tick that is refused is taken off again', async () => {
  serve(list, (one) => changes.answer(one));
  await show();
  const row = (await screen.findByText('晚了')).closest('li') as HTMLElement;
  const box = within(row).getAllByRole('button')[0] as HTMLElement;
  fireEvent.click(box);
  await waitFor(() => expect(box.getAttribute('aria-pressed')).toBe('true'));
  await waitFor(() => expect(changes.count).toBe(1));
  changes.release(problem(403, { detail: '您不能完成它' }));
  await screen.findByText('您不能完成它');
  await waitFor(() => expect(box.getAttribute('aria-pressed')).toBe('false'));
});

test('where no field says when, that is said with a way out', async () => {
  serve(list);
  await show({ group: 'name' });
  fireEvent.click(await screen.findByRole('button', { name: '换到默认视图' }));
  expect(set).toHaveBeenCalledWith({ view: undefined });
});

test('what is due on a day is overdue on the next, what is due at a time from that minute on', () => {
  const timed = { key: 'due', definition: defOf('datetime') };
  const minute = '2026-03-10T09:30:00';
  const bounds = (part: 'overdue' | 'today', field: typeof due) =>
    JSON.parse(partFilter(part, field, undefined, minute)).and.map(({ value }: { value: string }) => value);
  expect(bounds('overdue', due)).toEqual(['2026-03-10']);
  expect(bounds('today', due)).toEqual(['2026-03-10', '2026-03-11']);
  expect(bounds('overdue', timed)).toEqual([instantOf(minute)]);
});

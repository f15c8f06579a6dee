import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Job } from '../api';
import type { Form } from '../meta';
import { showPage } from '../test/page';
import { type Asked, problem, recordOf, serve } from '../test/server';
import { book, defOf } from '../test/world';
import { BulkEdit, bulkFields } from './BulkEdit';

const records = [recordOf('1', { name: '红楼梦' }), recordOf('2', { name: '水浒传' })];
const form: Form = { ...book, fields: [...book.fields, { key: 'due', definition: defOf('date') }] };

const jobOf = (id: string, more: Partial<Job> = {}) =>
  ({ id, kind: 'bulk', state: 'running', progress: { done: 0, total: 2 }, undoable: false, ...more }) as Job;
const report = (counts: Record<string, number>, refused: object[] = []) =>
  ({ counts, refused, refusals: [], complete: true }) as unknown as Job['report'];

/** How the jobs stand: a test lets them come on. */
let jobs: Record<string, Job>;
const works = ({ method, path, body }: Asked) => {
  if (path === '/forms/book/actions/update') return body && jobs.j1;
  const [, id, what] = /^\/jobs\/(\w+)(\/undo)?$/.exec(path) ?? [];
  if (what && method === 'POST') return jobs.j2;
  return id ? jobs[id] : undefined;
};
beforeEach(() => {
  jobs = { j1: jobOf('j1'), j2: jobOf('j2', { kind: 'undo' }) };
});

const onClose = vi.fn();
async function show(more: Partial<Parameters<typeof BulkEdit>[0]> = {}) {
  onClose.mockClear();
  await showPage(<BulkEdit form={form} records={records} onClose={onClose} {...more} />);
  return within(await screen.findByRole('dialog', { name: '批量修改' }));
}
type Dialog = Awaited<ReturnType<typeof show>>;
const choose = (dialog: Dialog, key: string) =>
  fireEvent.change(dialog.getByLabelText('修改哪个字段'), { target: { value: key } });
async function send(dialog: Dialog, name: string) {
  choose(dialog, 'name');
  fireEvent.change(dialog.getByLabelText('改为'), { target: { value: name } });
  fireEvent.click(dialog.getByText('修改 2 条'));
}
const posts = (asked: Asked[]) => asked.filter(({ method }) => method === 'POST');
/** Jobs are asked about again by whoever looks at them anew. */
const lookAgain = () => fireEvent(window, new Event('visibilitychange'));

test('only what can be the same on many records is offered', () => {
  const unique = { key: 'isbn', definition: { ...defOf('text'), 'x-unique': true } };
  const fixed = { key: 'fixed', definition: defOf('text'), readOnly: true };
  const all = { ...form, fields: [...form.fields, unique, fixed, { key: 'no', definition: defOf('autonumber') }] };
  expect(bulkFields(all).map(({ key }) => key)).toEqual(['name', 'price', 'state', 'due']);
});

test('nothing is sent before a field is chosen, and another field begins empty', async () => {
  const asked = serve(works);
  const dialog = await show();
  expect((dialog.getByText('修改 2 条') as HTMLButtonElement).disabled).toBe(true);
  choose(dialog, 'name');
  fireEvent.change(dialog.getByLabelText('改为'), { target: { value: '同名' } });
  choose(dialog, 'price');
  fireEvent.click(dialog.getByText('修改 2 条'));
  await waitFor(() => expect(posts(asked)).toHaveLength(1));
  expect(posts(asked)[0]?.body).toEqual({ ids: ['1', '2'], args: { values: { price: null } } });
});

test('it is seen to come on, and how many were changed when it has ended', async () => {
  const asked = serve(works);
  const dialog = await show();
  await send(dialog, '同名');
  await dialog.findByText('正在处理…');
  expect(posts(asked)[0]?.body).toEqual({ ids: ['1', '2'], args: { values: { name: '同名' } } });
  jobs.j1 = jobOf('j1', { progress: { done: 1, total: 2 } });
  lookAgain();
  await dialog.findByText('1 / 2');
  expect(dialog.queryByText('撤销')).toBeNull();
  jobs.j1 = jobOf('j1', { state: 'done', progress: { done: 2, total: 2 }, report: report({ changed: 2 }) });
  lookAgain();
  await dialog.findByText('已完成');
  expect(dialog.getByText('已处理').nextSibling?.textContent).toBe('2');
  expect(dialog.queryByText('没有处理的记录')).toBeNull();
});

test('those that were refused are named, each with why and a way to it', async () => {
  serve(works);
  const refused = [
    { at: '2', code: 'x', message: 'x', errors: [{ path: '/values/name', code: 'x', message: '不能重名' }] },
    { at: '9', code: 'forbidden', message: '您不能修改它' },
  ];
  jobs.j1 = jobOf('j1', {
    state: 'done',
    report: { ...report({ changed: 1, refused: 2 }, refused), complete: false } as Job['report'],
  });
  const dialog = await show();
  await send(dialog, '同名');
  await dialog.findByText('没有处理的记录');
  const lines = dialog.getAllByRole('listitem', { hidden: true });
  expect(lines.map((one) => one.textContent)).toEqual(['水浒传不能重名', '打开记录您不能修改它']);
  expect(lines[0]?.querySelector('a')?.getAttribute('href')).toBe('/f/book/2');
  dialog.getByText('只列出了前面一部分。');
  expect(dialog.getByText('未处理').parentElement?.className).toBe('bad');
});

test('it is taken back as work of its own, once', async () => {
  const asked = serve(works);
  jobs.j1 = jobOf('j1', { state: 'done', undoable: true, report: report({ changed: 2 }) });
  const dialog = await show();
  await send(dialog, '同名');
  fireEvent.click(await dialog.findByText('撤销'));
  await waitFor(() => expect(dialog.getAllByRole('progressbar', { hidden: true })).toHaveLength(2));
  expect(dialog.queryByText('撤销')).toBeNull();
  jobs.j2 = jobOf('j2', { kind: 'undo', state: 'done', report: report({ undone: 1, kept: 1 }) });
  lookAgain();
  await dialog.findByText('未撤销，保留');
  expect(posts(asked).map(({ path }) => path)).toEqual(['/forms/book/actions/update', '/jobs/j1/undo']);
});

test('what cannot be taken back any more says why, and can be tried again', async () => {
  serve(({ path }) => (path.endsWith('/undo') ? problem(409, { detail: '已有人撤销' }) : undefined), works);
  jobs.j1 = jobOf('j1', { state: 'done', undoable: true });
  const dialog = await show();
  await send(dialog, '同名');
  fireEvent.click(await dialog.findByText('撤销'));
  await dialog.findByText('已有人撤销');
  expect((dialog.getByText('撤销') as HTMLButtonElement).disabled).toBe(false);
});

test('where it is refused as a whole, why is told and what was typed is still there', async () => {
  serve(({ method }) => (method === 'POST' ? problem(403, { detail: '您不能批量修改' }) : undefined));
  const dialog = await show();
  await send(dialog, '同名');
  await dialog.findByText('您不能批量修改');
  expect((dialog.getByLabelText('改为') as HTMLInputElement).value).toBe('同名');
  expect(onClose).not.toHaveBeenCalled();
});

test('all that the list finds are changed by its question, after their number was said', async () => {
  const asked = serve(works);
  const filter = { field: 'name', op: 'notEmpty' };
  const dialog = await show({ all: { count: 1234, view: 'open', filter } as never });
  expect(dialog.getAllByText(/1234/)).toHaveLength(3);
  choose(dialog, 'name');
  fireEvent.click(dialog.getByText('修改 1234 条'));
  await waitFor(() => expect(posts(asked)).toHaveLength(1));
  expect(posts(asked)[0]?.body).not.toHaveProperty('ids');
});

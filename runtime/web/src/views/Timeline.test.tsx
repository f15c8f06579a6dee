import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import type { HistoryEntry } from '../api';
import type { Form } from '../meta';
import { showPage } from '../test/page';
import { type Asked, held, problem, recordOf, serve } from '../test/server';
import { book, defOf, label } from '../test/world';
import { Timeline } from './Timeline';

const visit = {
  key: 'visit',
  label: label('拜访'),
  title: 'text',
  happens: 'on',
  fields: [
    { key: 'text', definition: defOf('text') },
    { key: 'on', definition: defOf('datetime') },
    { key: 'about', definition: defOf('reference') },
  ],
  views: [],
  rights: { create: true, read: true, update: true, delete: true, export: true },
} as unknown as Form;

const kim = { id: 'u1', title: '金' };
const entry = (version: number, more: Partial<HistoryEntry>): HistoryEntry => ({
  at: `2026-03-0${version}T01:00:00Z`,
  actor: kim,
  op: 'recordUpdated',
  changes: [],
  version,
  ...more,
});
const renamed = entry(3, { changes: [{ field: 'name', from: '石头记', to: '红楼梦' }] });

let entries: HistoryEntry[];
let changes: ReturnType<typeof held>;
beforeEach(() => {
  changes = held();
  entries = [renamed, entry(1, { op: 'recordCreated', changes: [{ field: 'name', from: null, to: '石头记' }] })];
});

function answers({ path, method, search }: Asked) {
  if (path.endsWith('/history')) {
    return search.get('after') ? { entries: [entry(1, { op: 'recordCreated' })] } : { entries };
  }
  if (path.endsWith('/comments')) {
    const said = { id: 'c1', by: kim, at: '2026-03-02T12:00:00Z', text: '说过', mentions: [], files: [] };
    return { comments: [said] };
  }
  if (path.endsWith('/follow')) return { following: false, followers: 0, exact: true };
  const met = recordOf('v1', { text: '见过面', on: '2026-03-02T01:00:00Z', about: { id: 'b1', title: '红楼梦' } });
  return method === 'GET' ? { records: [met] } : undefined;
}

const record = recordOf('b1', { name: '红楼梦' }, { version: 3 });
const show = (of = record) => showPage(<Timeline form={book} record={of} />, { forms: [book, visit] });
const items = () =>
  [...document.querySelectorAll('.timeline > ol > li')].map((one) =>
    ['见过面', '说过', '石头记', '新建了记录'].find((text) => one.textContent?.includes(text)),
  );

test('what was done, changed and said stands in one order, the newest first, and each alone when it is asked for', async () => {
  serve(answers);
  await show();
  await waitFor(() => expect(items()).toEqual(['石头记', '说过', '见过面', '新建了记录']));
  const parts = screen.getByRole('group', { name: /./ });
  fireEvent.click(within(parts).getByRole('button', { name: '拜访' }));
  expect(items()).toEqual(['见过面']);
  fireEvent.click(within(parts).getAllByRole('button')[2] as HTMLElement);
  expect(items()).toEqual(['石头记', '新建了记录']);
});

test('a field is given back what it had, said so, and can be given its new value again', async () => {
  const asked = serve(answers, (one) => changes.answer(one));
  await show();
  fireEvent.click(await screen.findByRole('button', { name: /恢复/ }));
  await waitFor(() => expect(changes.count).toBe(1));
  const sent = () => asked.filter(({ method }) => method === 'PATCH').map(({ version, body }) => [version, body]);
  expect(sent()).toEqual([['3', { values: { name: '石头记' } }]]);
  changes.release(recordOf('b1', { name: '石头记' }, { version: 4 }));
  fireEvent.click(await screen.findByRole('button', { name: '撤销' }));
  await waitFor(() => expect(sent()[1]).toEqual(['4', { values: { name: '红楼梦' } }]));
  changes.release(problem(403, { detail: '不再可以' }));
  await screen.findByText('不再可以');
});

test('who may not change a record is not offered to restore anything', async () => {
  serve(answers);
  await show({ ...record, rights: { update: false, delete: false, actions: [] } });
  await waitFor(() => expect(items()).toHaveLength(4));
  expect(screen.queryByRole('button', { name: /恢复/ })).toBeNull();
});

test('a part that cannot be had says so beside the others', async () => {
  serve((one) => (one.path.endsWith('/history') ? problem(500) : answers(one)));
  await show();
  await screen.findByRole('alert');
  await waitFor(() => expect(items()).toEqual(['说过', '见过面']));
});

test('whoever comes for a comment has it before them, also where it is behind others', async () => {
  const seen: Element[] = [];
  Element.prototype.scrollIntoView = function () {
    seen.push(this);
  };
  const said = (id: string, text: string) => ({
    id,
    by: kim,
    at: '2026-03-02T12:00:00Z',
    text,
    mentions: [],
    files: [],
  });
  const asked = serve((one) => {
    if (!one.path.endsWith('/comments')) return answers(one);
    if (one.search.get('after') === 'c1') return { comments: [said('c2', '再早'), said('c3', '说过')], next: 'c3' };
    return { comments: [said('c1', '后来')], next: 'c1' };
  });
  await showPage(<Timeline form={book} record={record} sought="c3" />, { forms: [book, visit] });
  const found = (await screen.findByText('说过')).closest('li');
  expect(found?.getAttribute('aria-current')).toBe('true');
  expect(document.activeElement).toBe(found);
  expect(seen).toEqual([found]);
  expect(asked.filter(({ path }) => path.endsWith('/comments'))).toHaveLength(2);
  expect(items()).toEqual([undefined, undefined, '说过']); // the comments alone
});

import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { RecordView } from '../api';
import { book, defOf, World } from '../test/world';
import { PasteDialog } from './PasteDialog';
import type { Target } from './paste';

vi.mock('@tanstack/react-router', () => ({ Link: () => null }));

const record = { id: 'r1', values: { name: '红楼梦' } } as unknown as RecordView;
const column = { key: 'price', title: '字段 currency', field: { key: 'price' }, def: defOf('currency') };
const target = { records: [record], columns: [{ column, place: 0 }], fixed: [], cells: [['x']], below: 2 };

interface Sent {
  path: string;
  body: { dryRun?: boolean; file?: string };
}
let sent: Sent[];
let counts: Record<string, number>;
const trial = { id: 't1', kind: 'import', state: 'done', progress: { done: 1, total: 1 } };
const rows = {
  refused: [
    {
      row: 2,
      op: 'refused',
      id: 'r1',
      errors: [{ code: 'field.number', message: '不是数字', cell: { column: 'price', text: 'x' } }],
    },
  ],
  changed: [{ row: 2, op: 'changed', id: 'r1', changes: [{ field: 'price', from: '1.00', to: '2.00' }] }],
};

beforeEach(() => {
  sent = [];
  counts = { changed: 1 };
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const body = typeof init.body === 'string' ? JSON.parse(init.body) : {};
    if (init.method === 'POST') sent.push({ path, body });
    const job = path.includes('/undo')
      ? { ...trial, id: 'u1', kind: 'undo' }
      : path.includes('/jobs/u1')
        ? { ...trial, id: 'u1', kind: 'undo' }
        : { ...trial, id: path.includes('j1') || (path.endsWith('/import') && !body.dryRun) ? 'j1' : 't1' };
    const answer = path.endsWith('/files')
      ? { id: 'f1', name: 'paste.csv' }
      : path.endsWith('/look')
        ? { columns: [{ name: 'price', samples: [], guess: { column: 'price', field: 'price' } }] }
        : path.includes('/rows')
          ? { rows: path.includes('refused') ? rows.refused : rows.changed }
          : { ...job, undoable: job.id === 'j1', report: { counts } };
    return new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } });
  });
});

const show = (of: unknown = target) =>
  render(
    <World>
      <PasteDialog form={book} target={of as Target} onClose={() => undefined} />
    </World>,
  );
const run = () => screen.getByRole('button', { name: '写入正确的行', hidden: true });
const imports = () => sent.filter((one) => one.path.endsWith('/import'));

test('it is tried at once, shows what each record would become, and is written only when that is meant', async () => {
  show();
  await screen.findByText('2.00', { exact: false });
  expect(document.body.textContent).toContain('红楼梦');
  expect(document.body.textContent).toContain('有 2 行超出');
  expect(imports().map((one) => one.body.dryRun)).toEqual([true]);
  fireEvent.click(run());
  await screen.findByText('粘贴的内容已写入', { exact: false });
  expect(imports().map((one) => one.body.dryRun)).toEqual([true, false]);
  fireEvent.click(await screen.findByRole('button', { name: '撤销', hidden: true }));
  await waitFor(() => expect(sent.at(-1)?.path).toContain('/jobs/j1/undo'));
  // The file goes up once.
  expect(sent.filter((one) => one.path.endsWith('/files'))).toHaveLength(1);
});

test('what is wrong is told with its record and its cell, and nothing can be written where all is', async () => {
  counts = { refused: 1 };
  show();
  const told = await screen.findByText('不是数字');
  const line = told.closest('li') as HTMLElement;
  expect(line.textContent).toContain('红楼梦');
  expect(line.textContent).toContain('字段 currency');
  expect(line.textContent).toContain('x');
  expect(run()).toHaveProperty('disabled', true);
});

test('where no column can be written nothing is sent', () => {
  show({ ...target, columns: [], fixed: [column] });
  expect(document.body.textContent).toContain('不能填写');
  expect(run()).toHaveProperty('disabled', true);
  expect(sent).toEqual([]);
});

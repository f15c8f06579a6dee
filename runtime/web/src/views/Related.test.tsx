import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import type { RecordView } from '../api';
import type { Form } from '../meta';
import { showPage } from '../test/page';
import { type Asked, held, problem, recordOf, serve } from '../test/server';
import { defOf, label } from '../test/world';
import { Related } from './Related';

// In the small world a note is about a book.
const note = {
  key: 'note',
  label: label('笔记'),
  title: 'text',
  fields: [
    { key: 'text', definition: defOf('text') },
    { key: 'about', definition: defOf('reference') },
  ],
  views: [],
  rights: { create: true, read: true, update: true, delete: true, export: true },
  required: ['text'],
} as unknown as Form;

let kept: RecordView[];
let changes: ReturnType<typeof held>;
let sure: boolean;
beforeEach(() => {
  changes = held();
  sure = true;
  kept = [recordOf('n1', { text: '旧笔记', about: { id: 'b1', title: '红楼梦' } })];
});

function answers({ method, path }: Asked) {
  if (path.endsWith('/evaluate')) {
    const fields = { text: { visible: true, required: true, readOnly: false } };
    return sure ? { values: {}, fields, issues: [] } : undefined;
  }
  if (path.endsWith('/duplicates')) return { duplicates: [] };
  if (method === 'DELETE') {
    kept = kept.slice(0, 1);
    return new Response(null, { status: 204 });
  }
  return method === 'GET' ? { records: kept, count: { value: kept.length, exact: true } } : undefined;
}

const show = () =>
  showPage(<Related form={{ ...note, key: 'book' }} record={recordOf('b1', { name: '红楼梦' })} title="红楼梦" />, {
    forms: [note],
  });

const cards = () => [...document.querySelectorAll('.related .cards > li')].map((one) => one.textContent);
const count = () => document.querySelector('.related h2 .num')?.textContent;

async function write(text: string) {
  fireEvent.click(await screen.findByRole('button', { name: '新建笔记' }));
  fireEvent.change(await screen.findByLabelText(/字段 text/), { target: { value: text } });
}
/** The rules have answered about what was typed. */
const ruled = (asked: Asked[], text: string) =>
  waitFor(() => expect(asked.some(({ body }) => JSON.stringify(body)?.includes(text))).toBe(true));
const made = recordOf('n2', { text: '新笔记（定）', about: { id: 'b1', title: '红楼梦' } });

test('what is made stands among the others at once, and can be taken back', async () => {
  const asked = serve(answers, (one) => changes.answer(one));
  await show();
  await screen.findByText('旧笔记');
  await write('新笔记');
  await ruled(asked, '新笔记');
  fireEvent.click(screen.getByRole('button', { name: '保存' }));
  await waitFor(() => expect(cards()).toEqual([expect.stringContaining('新笔记'), '旧笔记']));
  expect([screen.queryByRole('dialog'), count()]).toEqual([null, '2']);
  await waitFor(() => expect(changes.count).toBe(1));
  kept = [...kept, made];
  changes.release(made);
  await waitFor(() => expect(cards()).toEqual(['旧笔记', '新笔记（定）']));
  fireEvent.click(screen.getByRole('button', { name: '撤销' }));
  await waitFor(() => expect(cards()).toEqual(['旧笔记']));
  expect(count()).toBe('1');
});

test('what is refused is gone from the list, and its form is there again with what was typed', async () => {
  const asked = serve(answers, (one) => changes.answer(one));
  await show();
  await write('坏笔记');
  await ruled(asked, '坏笔记');
  fireEvent.click(screen.getByRole('button', { name: '保存' }));
  await waitFor(() => expect(cards()).toHaveLength(2));
  await waitFor(() => expect(changes.count).toBe(1));
  changes.release(problem(422, { errors: [{ path: '/values/text', code: 'x', message: '已有同样的笔记' }] }));
  await screen.findByText('已有同样的笔记');
  expect(screen.getByLabelText<HTMLInputElement>(/字段 text/).value).toBe('坏笔记');
  expect(cards()).toEqual(['旧笔记']);
});

test('where the rules have not said yet that they have nothing against it, its form stays', async () => {
  sure = false;
  serve(answers, (one) => changes.answer(one));
  await show();
  await write('慢笔记');
  fireEvent.click(screen.getByRole('button', { name: '保存' }));
  await waitFor(() => expect(screen.getByRole('button', { name: /正在保存/ })).toBeTruthy());
  expect(screen.getByRole('dialog')).toBeTruthy();
});

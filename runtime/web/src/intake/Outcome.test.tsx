import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Job } from '../api';
import type { Form } from '../meta';
import { showPage } from '../test/page';
import { serve } from '../test/server';
import { book, label } from '../test/world';
import { Outcome } from './Outcome';

const form: Form = { ...book, duplicates: [{ key: 'name', label: label('书名'), fields: ['name'], blocks: false }] };
const job = {
  id: 'j1',
  kind: 'import',
  state: 'done',
  progress: { done: 3, total: 3 },
  report: { counts: { made: 3, alike: 2 }, refused: [], complete: true },
} as unknown as Job;

const mine = { rule: 'name', fields: ['name'], form: 'book', id: 'b1', title: '红楼梦' };
const theirs = { rule: 'name', fields: ['name'], form: 'book', owner: { id: 'u2', title: '李四' } };

test('what rows look like is told: the record where one may see it, else who holds it, and the row before', async () => {
  const asked = serve(({ path, search }) => {
    if (!path.endsWith('/rows')) return job;
    const rows = [
      { row: 2, op: 'made', alike: [mine] },
      { row: 3, op: 'made', alike: [theirs], twins: [{ rule: 'name', row: 2 }] },
    ];
    return { rows: search.get('op') === 'alike' ? rows : [] };
  });
  await showPage(<Outcome form={form} job={job} trial />, { forms: [form] });
  const part = await screen.findByRole('button', { name: '疑似重复 2' });
  fireEvent.click(part);
  await waitFor(() => expect(document.querySelectorAll('.looks-like')).toHaveLength(3));
  expect([...document.querySelectorAll('.looks-like')].map((one) => one.textContent?.trim())).toEqual([
    '“书名”相同： 红楼梦',
    '“书名”相同： 图书 由 李四 负责',
    '“书名”与第 2 行相同',
  ]);
  expect([...document.querySelectorAll('.looks-like a')].map((one) => one.getAttribute('href'))).toEqual([
    '/f/book/b1',
  ]);
  expect(asked.at(-1)?.search.get('op')).toBe('alike');
});

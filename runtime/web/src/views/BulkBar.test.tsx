import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { RecordView } from '../api';
import type { Form } from '../meta';
import { book, label, World } from '../test/world';
import { BulkBar } from './BulkBar';
import type { ListProps } from './listProps';

const close = { key: 'close', label: label('结案'), kind: 'normal', many: true, ask: { reason: 'no' } };
const form = { ...book, actions: [close] } as unknown as Form;
const records = ['1', '2'].map((id) => ({
  id,
  version: 1,
  values: { name: id },
  rights: { update: true, delete: true, actions: ['close'] },
})) as unknown as RecordView[];
const filter = '{"field":"name","op":"filled"}';

let asked: Array<{ url: string; body: unknown }>;
beforeEach(() => {
  asked = [];
  vi.stubGlobal(
    'fetch',
    vi.fn(async (url: string, init: RequestInit) => {
      asked.push({ url: String(url), body: JSON.parse(String(init.body ?? 'null')) });
      const answer = url.includes('/records?')
        ? { records: [], count: { value: 1234, exact: true } }
        : { id: 'j1', kind: 'bulk', state: 'done', progress: { done: 2, total: 2 } };
      return new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } });
    }),
  );
});

function Bar({ q, ids }: { q?: string; ids: string[] }) {
  const [selected, setSelected] = useState(new Set(ids));
  const list = { records, count: { value: 2, exact: false } };
  const props = { form, list, question: { form: 'book', view: 'open', filter, q }, selected, setSelected };
  return (
    <>
      <BulkBar {...(props as unknown as ListProps)} />
      <button type="button" onClick={() => setSelected(new Set(ids))}>
        select anew
      </button>
    </>
  );
}
const show = (props: { q?: string; ids: string[] }) =>
  render(
    <World>
      <Bar {...props} />
    </World>,
  );
const posted = () => asked.find((one) => one.url.includes('/actions/'));
const all = () => screen.findByRole('button', { name: '选择全部符合条件的 1234 条' });

test('all that the list finds are deleted by its question, after their number has been said', async () => {
  show({ ids: ['1', '2'] });
  fireEvent.click(await all());
  expect(screen.getByRole('status').textContent).toBe('已选 1234 条');
  fireEvent.click(screen.getByRole('button', { name: '删除 1234 条' }));
  const dialog = await screen.findByRole('dialog', { name: '删除 1234 条' });
  expect(dialog.textContent).toContain('凡符合当前视图和筛选条件的 1234 条');
  fireEvent.click(screen.getAllByRole('button', { name: '删除 1234 条' }).at(-1) as HTMLElement);
  await waitFor(() => expect(posted()).toBeDefined());
  expect(posted()).toMatchObject({ body: { view: 'open', filter: JSON.parse(filter) } });
  expect(posted()?.body).not.toHaveProperty('ids');
});

test('an action is done to all of them by the same question', async () => {
  show({ ids: ['1', '2'] });
  fireEvent.click(await all());
  fireEvent.click(screen.getByRole('button', { name: '结案' }));
  const dialog = await screen.findByRole('dialog', { name: '结案' });
  expect(dialog.textContent).toContain('1234');
  fireEvent.submit(dialog.querySelector('form') as HTMLFormElement);
  await waitFor(() => expect(posted()).toBeDefined());
  expect(posted()?.body).toMatchObject({ view: 'open', filter: JSON.parse(filter) });
});

test('to select anew takes it back, and those alone are dealt with', async () => {
  show({ ids: ['1', '2'] });
  fireEvent.click(await all());
  fireEvent.click(screen.getByRole('button', { name: 'select anew' }));
  await all();
  fireEvent.click(screen.getByRole('button', { name: '删除 2 条' }));
  await screen.findByRole('dialog', { name: '删除 2 条' });
  fireEvent.click(screen.getAllByRole('button', { name: '删除 2 条' }).at(-1) as HTMLElement);
  await waitFor(() => expect(posted()).toBeDefined());
  expect(posted()?.body).toMatchObject({ ids: ['1', '2'] });
});

test('nothing of the kind is offered for some of those loaded, nor for words that are searched for', () => {
  show({ ids: ['1'] });
  show({ ids: ['1', '2'], q: '红楼' });
  expect(screen.queryByRole('button', { name: /选择全部/ })).toBeNull();
  expect(asked).toEqual([]);
});

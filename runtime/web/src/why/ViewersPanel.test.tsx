import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { RecordView } from '../api';
import { book, World } from '../test/world';
import { ViewersPanel } from './ViewersPanel';

const by = { id: 'u1', title: '金' };
const at = '2026-03-31T04:00:00Z';
const record: RecordView = {
  id: 'r1',
  form: 'book',
  version: 1,
  values: { name: '潮汐', price: '1****', total: null },
  masked: ['price'],
  createdAt: at,
  createdBy: by,
  updatedAt: at,
  updatedBy: by,
  rights: { update: true, delete: false, actions: ['share'] },
};

test('the people who see a record are listed page after page, for the whole or a field that one sees whole', async () => {
  const asked: string[] = [];
  const why = {
    kind: 'right',
    label: '查看',
    text: '是',
    parts: [{ kind: 'fact', label: '由 金 共享：可查看', text: '是' }],
  };
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    const page = path.includes('after')
      ? { viewers: [{ person: { id: 'u3', title: '王五' }, masked: true, update: false, why }] }
      : { viewers: [{ person: { id: 'u2', title: '李四' }, update: true, why }], next: 'u2' };
    return new Response(JSON.stringify(page), { status: 200, headers: { 'Content-Type': 'application/json' } });
  });
  render(
    <World>
      <ViewersPanel form={book} record={record} onClose={() => undefined} />
    </World>,
  );
  await screen.findByText('李四');
  expect(screen.getByText('可修改')).toBeTruthy();
  expect(screen.getByText('由 金 共享：可查看')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: '继续查找' }));
  await screen.findByText('王五');
  expect(screen.getByText('仅部分字符')).toBeTruthy();
  expect(screen.queryByRole('button', { name: '继续查找' })).toBeNull();
  const choice = screen.getByRole('combobox', { name: '查看对象' });
  expect([...choice.querySelectorAll('option')].map((one) => one.value)).toEqual(['', 'name']);
  await userEvent.selectOptions(choice, 'name');
  await screen.findByText('李四');
  const path = '/api/v1/forms/book/records/r1/viewers';
  expect(asked).toEqual([path, `${path}?after=u2`, `${path}?field=name`]);
});

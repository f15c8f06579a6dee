import { fireEvent, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { RecordForm } from '../form/useRecordForm';
import type { Field } from '../meta';
import { showPage } from '../test/page';
import { held, problem, recordOf, serve } from '../test/server';
import { book, label } from '../test/world';
import { useChanged } from './changes';
import { StageBar } from './StageBar';
import { StageOf } from './StageOf';

const way = [
  { value: 'a', label: label('接触') },
  { value: 'b', label: label('报价') },
  { value: 'gone', label: label('旧阶段'), off: true },
  { value: 'won', label: label('赢单'), closed: 'won' },
  { value: 'lost', label: label('输单'), closed: 'lost' },
];
const stage = { key: 'state', definition: { 'x-field': 'stage', 'x-label': label('阶段'), 'x-options': way } } as Field;

const steps = () =>
  screen.getAllByRole('listitem').map((one) => [one.textContent, one.className].filter(Boolean).join(' '));

test('what lies behind and where it stands is marked; stages out of use are not offered', async () => {
  await showPage(<StageBar field={stage} value="b" disabled={false} onChange={() => undefined} />);
  expect(steps()).toEqual(['接触 past', '报价 now', '赢单', '输单']);
  expect(screen.getByRole('button', { name: '报价' }).getAttribute('aria-current')).toBe('step');
});

test('nothing counts as done on a way that was lost', async () => {
  await showPage(<StageBar field={stage} value="lost" disabled={false} onChange={() => undefined} />);
  expect(steps()).toEqual(['接触', '报价', '赢单', '输单 now']);
  expect(screen.getAllByRole('list')[0]?.className).toBe('stages lost');
});

test('the stage that it is at is no step, nor is any where it may not be changed', async () => {
  const change = vi.fn();
  await showPage(<StageBar field={stage} value="b" disabled onChange={change} />);
  fireEvent.click(screen.getByRole('button', { name: '接触' }));
  expect(change).not.toHaveBeenCalled();
});

let changes: ReturnType<typeof held>;
beforeEach(() => {
  changes = held();
});
const set = vi.fn();

function Bar({ editing = false }) {
  const [edit, setEdit] = useState(editing);
  const [one] = useState(() => [recordOf('1', { state: 'a' })]);
  const [record = recordOf('1', {})] = useChanged('book', one);
  const state = { values: { state: 'a' }, set } as unknown as RecordForm;
  return (
    <>
      <StageOf {...{ form: book, stage, record, state }} editing={edit} disabled={false} onEdit={() => setEdit(true)} />
      {edit && <p>表单</p>}
    </>
  );
}
const now = () => document.querySelector('[aria-current]')?.textContent;

test('a step stands at once and is put back where it is refused', async () => {
  const asked = serve((one) => changes.answer(one));
  await showPage(<Bar />);
  fireEvent.click(screen.getByRole('button', { name: '报价' }));
  await waitFor(() => expect(now()).toBe('报价'));
  await waitFor(() => expect(changes.count).toBe(1));
  expect([asked[0]?.method, asked[0]?.body]).toEqual(['PATCH', { values: { state: 'b' } }]);
  changes.release(problem(403, { detail: '您不能推进它' }));
  await screen.findByText('您不能推进它');
  await waitFor(() => expect(now()).toBe('接触'));
  expect(screen.queryByText('表单')).toBeNull();
});

test('a step that asks for more opens the form with the step taken in it', async () => {
  serve((one) => changes.answer(one));
  await showPage(<Bar />);
  fireEvent.click(screen.getByRole('button', { name: '输单' }));
  await waitFor(() => expect(changes.count).toBe(1));
  changes.release(problem(422, { errors: [{ path: '/values/name', code: 'required', message: '必填' }] }));
  await screen.findByText('表单');
  expect(set).toHaveBeenLastCalledWith('state', 'lost');
});

test('a step that a rule is against is put back, and why is told', async () => {
  serve((one) => changes.answer(one));
  await showPage(<Bar />);
  fireEvent.click(screen.getByRole('button', { name: '赢单' }));
  await waitFor(() => expect(changes.count).toBe(1));
  const errors = [
    { path: '/values/name', code: 'required', message: '必填' },
    { path: '/values/state', code: 'rule.invalid', message: '不能由您批准' },
  ];
  changes.release(problem(422, { errors }));
  await screen.findByText('不能由您批准');
  await waitFor(() => expect(now()).toBe('接触'));
  expect(screen.queryByText('表单')).toBeNull();
});

test('while it is edited a step is part of what is edited, and nobody is asked', async () => {
  const asked = serve((one) => changes.answer(one));
  await showPage(<Bar editing />);
  fireEvent.click(screen.getByRole('button', { name: '报价' }));
  expect(set).toHaveBeenLastCalledWith('state', 'b');
  expect(asked).toEqual([]);
});

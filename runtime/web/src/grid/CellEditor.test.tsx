import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { RecordView } from '../api';
import { registry } from '../form/fields/registry';
import { defOf, World } from '../test/world';
import { CellEditor, fitsCell } from './CellEditor';
import type { Column } from './columns';

const column = (kind: 'text' | 'currency' | 'boolean' | 'table'): Column => {
  const def = defOf(kind);
  return { key: 'cell', field: { key: 'cell', definition: def }, def, ui: registry[kind], title: 'cell' };
};
const record = { id: 'r1', version: 3, values: { cell: '旧' } } as unknown as RecordView;

function edit(answer = '', kind: 'text' | 'currency' = 'text') {
  const save = vi.fn(async () => answer);
  const onEnd = vi.fn();
  render(
    <World>
      <CellEditor record={record} column={column(kind)} save={save} onEnd={onEnd} />
    </World>,
  );
  return { save, onEnd, input: screen.getByLabelText<HTMLInputElement>('cell') };
}

test('Enter keeps, and stays at the cell', async () => {
  const { save, onEnd, input } = edit();
  await userEvent.clear(input);
  await userEvent.type(input, '新{Enter}');
  expect(save).toHaveBeenCalledExactlyOnceWith(record, expect.objectContaining({ key: 'cell' }), '新');
  expect(onEnd).toHaveBeenCalledExactlyOnceWith(0);
});

test.each([
  ['{Tab}', 1],
  ['{Shift>}{Tab}{/Shift}', -1],
])('%s keeps and goes on by %d', async (keys, move) => {
  const { save, onEnd, input } = edit();
  await userEvent.type(input, `!${keys}`);
  expect(save).toHaveBeenCalledOnce();
  expect(onEnd).toHaveBeenLastCalledWith(move);
});

test('the focus that leaves keeps too, and only once', async () => {
  const { save, onEnd, input } = edit();
  await userEvent.type(input, '!{Enter}');
  fireEvent.blur(input);
  expect(save).toHaveBeenCalledOnce();
  expect(onEnd).toHaveBeenCalledOnce();
});

test('Escape leaves it as it was', async () => {
  const { save, onEnd, input } = edit();
  await userEvent.type(input, '!{Escape}');
  fireEvent.blur(input);
  expect(onEnd).toHaveBeenCalledExactlyOnceWith(0);
  expect(save).not.toHaveBeenCalled();
});

test('what was not changed asks nobody', async () => {
  const { save, onEnd, input } = edit();
  await userEvent.type(input, '!{Backspace}{Enter}');
  expect(onEnd).toHaveBeenCalledExactlyOnceWith(0);
  expect(save).not.toHaveBeenCalled();
});

test('what is wrong is said in the cell, and what was typed stays', async () => {
  const { onEnd, input } = edit('太长');
  await userEvent.type(input, '!{Enter}');
  expect((await screen.findByRole('alert')).textContent).toBe('太长');
  expect([input.value, input.getAttribute('aria-invalid')]).toEqual(['旧!', 'true']);
  expect(onEnd).not.toHaveBeenCalled();
});

test('kinds that need room are edited on the record’s page', () => {
  expect([fitsCell(column('text')), fitsCell(column('boolean')), fitsCell(column('table'))]).toEqual([
    true,
    true,
    false,
  ]);
});

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

function edit(refused?: string) {
  const keep = vi.fn();
  const onEnd = vi.fn();
  render(
    <World>
      <CellEditor record={record} column={column('text')} refused={refused} keep={keep} onEnd={onEnd} />
    </World>,
  );
  return { keep, onEnd, input: screen.getByLabelText<HTMLInputElement>('cell') };
}

test('Enter keeps, and stays at the cell', async () => {
  const { keep, onEnd, input } = edit();
  await userEvent.clear(input);
  await userEvent.type(input, '新{Enter}');
  expect(keep).toHaveBeenCalledExactlyOnceWith(record, expect.objectContaining({ key: 'cell' }), '新');
  expect(onEnd).toHaveBeenCalledExactlyOnceWith(0);
});

test.each([
  ['{Tab}', 1],
  ['{Shift>}{Tab}{/Shift}', -1],
])('%s keeps and goes on by %d', async (keys, move) => {
  const { keep, onEnd, input } = edit();
  await userEvent.type(input, `!${keys}`);
  expect(keep).toHaveBeenCalledOnce();
  expect(onEnd).toHaveBeenLastCalledWith(move);
});

test('the focus that leaves keeps too, and only once', async () => {
  const { keep, onEnd, input } = edit();
  await userEvent.type(input, '!{Enter}');
  fireEvent.blur(input);
  expect(keep).toHaveBeenCalledOnce();
  expect(onEnd).toHaveBeenCalledOnce();
});

test('Escape leaves it as it was', async () => {
  const { keep, onEnd, input } = edit();
  await userEvent.type(input, '!{Escape}');
  fireEvent.blur(input);
  expect(onEnd).toHaveBeenCalledExactlyOnceWith(0);
  expect(keep).not.toHaveBeenCalled();
});

test('what was not changed asks nobody', async () => {
  const { keep, onEnd, input } = edit();
  await userEvent.type(input, '!{Backspace}{Enter}');
  expect(onEnd).toHaveBeenCalledExactlyOnceWith(0);
  expect(keep).not.toHaveBeenCalled();
});

test('what was refused says why, is not sent again by looking away, and is once it is mended', async () => {
  const { keep, input } = edit('太长');
  expect([screen.getByRole('alert').textContent, input.getAttribute('aria-invalid')]).toEqual(['太长', 'true']);
  fireEvent.blur(input);
  expect(keep).not.toHaveBeenCalled();
  await userEvent.type(input, '!{Enter}');
  expect(keep).toHaveBeenCalledExactlyOnceWith(record, expect.objectContaining({ key: 'cell' }), '旧!');
});

test('kinds that need room are edited on the record’s page', () => {
  expect([fitsCell(column('text')), fitsCell(column('boolean')), fitsCell(column('table'))]).toEqual([
    true,
    true,
    false,
  ]);
});

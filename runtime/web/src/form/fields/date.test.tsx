import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { keepTime } from '../../meta';
import { defOf, World } from '../../test/world';
import { date, datetime } from './date';

afterEach(() => {
  keepTime('UTC');
  vi.restoreAllMocks();
});

const pointByFinger = () =>
  vi
    .spyOn(window, 'matchMedia')
    .mockImplementation(
      () => ({ matches: true, addEventListener: () => undefined, removeEventListener: () => undefined }) as never,
    );

function put(ui: typeof date, kind: 'date' | 'datetime', value: unknown) {
  const changed = vi.fn();
  const { Edit } = ui;
  render(
    <World>
      <Edit id="at" def={defOf(kind)} value={value} onChange={changed} label="when" />
    </World>,
  );
  return { input: screen.getByLabelText<HTMLInputElement>('when'), changed };
}

test('an instant is shown and typed as a clock of the tenant shows it', async () => {
  keepTime('America/New_York');
  const { input, changed } = put(datetime, 'datetime', '2026-03-09T02:30:00Z');
  expect(input.value).toBe('2026-03-08 22:30');
  await userEvent.clear(input);
  await userEvent.type(input, '2026-07-01 08:15{Enter}');
  expect(changed).toHaveBeenLastCalledWith('2026-07-01T12:15:00.000Z');
});

test('a day stays the day that was typed, in every zone', async () => {
  keepTime('Pacific/Auckland');
  const { input, changed } = put(date, 'date', '2026-03-09');
  expect(input.value).toBe('2026-03-09');
  await userEvent.clear(input);
  await userEvent.type(input, '20261231{Enter}');
  expect(changed).toHaveBeenLastCalledWith('2026-12-31');
});

test('Enter takes the day and leaves the form open', async () => {
  const sent = vi.fn((event: SubmitEvent) => event.preventDefault());
  const { Edit } = date;
  const changed = vi.fn();
  render(
    <World>
      <form onSubmit={(event) => sent(event.nativeEvent as SubmitEvent)}>
        <Edit id="at" def={defOf('date')} value={null} onChange={changed} label="when" />
        <button type="submit">save</button>
      </form>
    </World>,
  );
  await userEvent.type(screen.getByLabelText('when'), '2026-03-05{Enter}');
  expect(changed).toHaveBeenLastCalledWith('2026-03-05');
  expect(sent).not.toHaveBeenCalled();
});

test('a phone’s own picker shows the day in our manner, and the tenant’s hour', () => {
  pointByFinger();
  keepTime('Asia/Shanghai');
  const { input } = put(datetime, 'datetime', '2026-03-09T16:30:00Z');
  expect([input.type, input.value]).toEqual(['datetime-local', '2026-03-10T00:30']);
  expect(screen.getByText('2026-03-10 00:30')).toBeTruthy();
});

import { createEvent, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RecordView } from '../api';
import { book, World } from '../test/world';
import type { Column } from './columns';
import { useColumns } from './columns';
import { Grid, type GridProps } from './Grid';
import type { GroupHead, Grouping, Line } from './lines';

// The rows are virtual: there are as many as there is room for.
beforeEach(() => {
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(800);
});
afterEach(() => vi.restoreAllMocks());

const record = (id: string) =>
  ({ id, values: { name: `书${id}`, price: '1.00' }, rights: {} }) as unknown as RecordView;
const records = [record('1'), record('2')];
const calls: string[] = [];
beforeEach(() => {
  calls.length = 0;
});

interface Asked extends Partial<GridProps> {
  lines?: (by: Column) => Line[];
  /** In place of the inputs that cells are edited with. */
  Edit?: Column['ui']['Edit'];
}

function Shown({ lines, Edit, ...more }: Asked) {
  const known = useColumns(book, book.fields.slice(0, 3));
  const columns = Edit ? known.map((one) => ({ ...one, ui: { ...one.ui, Edit } })) : known;
  const by = columns[2] as Column;
  const grouping: Grouping | undefined = lines && {
    by,
    lines: lines(by),
    onToggle: (id) => calls.push(`toggle ${id}`),
    onMore: (id) => calls.push(`more ${id}`),
  };
  return (
    <Grid
      label="图书"
      columns={columns}
      records={records}
      total={2}
      loading={false}
      sort={[]}
      onSort={() => undefined}
      isSortable={() => false}
      selected={new Set()}
      onSelect={() => undefined}
      onOpen={(id) => calls.push(`open ${id}`)}
      onEnd={() => undefined}
      widths={{}}
      onWidths={() => undefined}
      empty={null}
      editing={{ can: (_, { key }) => key === 'price', save: async () => '' }}
      onPaste={(text, at) => calls.push(`paste ${text} at ${at.record.id} ${at.column.key}`)}
      grouping={grouping}
      {...more}
    />
  );
}

const show = (props: Parameters<typeof Shown>[0] = {}) =>
  render(
    <World>
      <Shown {...props} />
    </World>,
  );
const cell = (at: string) => document.querySelector(`[data-at="${at}"]`) as HTMLElement;
const key = (at: string, name: string) => fireEvent.keyDown(cell(at), { key: name });
function paste(target: Element, text: string): boolean {
  const event = createEvent.paste(target, { clipboardData: { getData: () => text } });
  fireEvent(target, event);
  return event.defaultPrevented;
}

const group = (id: string, open: boolean): GroupHead => ({
  id,
  value: id,
  text: id,
  count: '3',
  sums: { price: `¥${id}` },
  open,
});
const head = (id: string, open = false): Line => ({ kind: 'group', key: `group ${id}`, group: group(id, open) });

test('a group has what it comes to below the columns, and is opened and shut by click and by keys', () => {
  show({ lines: () => [head('a'), head('b', true), { kind: 'record', key: '1', record: record('1') }] });
  expect(cell('0:0').textContent).toContain('3');
  expect([cell('0:1').textContent, cell('0:2').textContent, cell('1:1').textContent]).toEqual(['¥a', '', '¥b']);
  expect(
    screen.getAllByRole('button', { name: /[展收][开起]/ }).map((one) => one.getAttribute('aria-expanded')),
  ).toEqual(['false', 'true']);
  key('0:0', 'Enter');
  key('0:0', 'ArrowRight');
  key('0:0', 'ArrowLeft');
  key('1:0', 'ArrowLeft');
  key('1:1', ' ');
  fireEvent.click(cell('0:1'));
  expect(calls).toEqual(['toggle a', 'toggle a', 'toggle b', 'toggle b', 'toggle a']);
});

test('the keys go over the heads of groups to the records, which are opened as ever', async () => {
  show({ lines: () => [head('b', true), { kind: 'record', key: '1', record: record('1') }] });
  cell('0:0').focus();
  key('0:0', 'ArrowDown');
  await waitFor(() => expect(document.activeElement).toBe(cell('1:0')));
  key('1:0', 'Enter');
  expect(calls).toEqual(['open 1']);
});

test('more of an open group is asked for when its end is in sight; where that failed, only when it is wanted', () => {
  show({ lines: () => [head('b', true), { kind: 'more', key: 'more b', group: 'b' }] });
  expect(calls).toEqual(['more b']);
  show({ lines: () => [head('c', true), { kind: 'more', key: 'more c', group: 'c', fault: '没有连接' }] });
  screen.getByText('没有连接');
  expect(calls).toEqual(['more b']);
  fireEvent.click(screen.getByRole('button', { name: '重试' }));
  expect(calls).toEqual(['more b', 'more c']);
});

test('what is pasted goes to the place of the cell that has the focus, and nowhere else', () => {
  show({ lines: () => [head('b', true), { kind: 'record', key: '1', record: record('1') }] });
  expect(paste(cell('1:1'), '2\n3')).toBe(true);
  expect(paste(cell('0:1'), '2')).toBe(false);
  expect(paste(cell('-1:1'), '2')).toBe(false);
  expect(calls).toEqual(['paste 2\n3 at 1 price']);
});

test('a cell that is being edited takes what is pasted itself', () => {
  show();
  key('0:1', 'F2');
  const input = screen.getByRole('spinbutton');
  expect(paste(input, '5')).toBe(false);
  expect(calls).toEqual([]);
});

test('pinned columns stay one beside the other at the left', () => {
  show({ pinned: 2, widths: { name: 200 } });
  const pins = [0, 1, 2].map((column) => cell(`0:${column}`).dataset.pin);
  expect(pins).toEqual(['', 'last', undefined]);
  const style = screen.getByRole('grid').style;
  expect([
    style.getPropertyValue('--pin-0'),
    style.getPropertyValue('--pin-1'),
    style.getPropertyValue('--pin-2'),
  ]).toEqual(['38px', '238px', '']);
});

test('a cell is copied as it reads, unless words are marked', () => {
  show();
  const setData = vi.fn();
  const copy = (target: Element) => {
    const event = createEvent.copy(target, { clipboardData: { setData } });
    fireEvent(target, event);
    return event.defaultPrevented;
  };
  expect(copy(cell('0:1'))).toBe(true);
  expect(setData).toHaveBeenCalledWith('text/plain', '¥1.00');
  vi.spyOn(window, 'getSelection').mockReturnValue({ toString: () => 'x' } as Selection);
  expect(copy(cell('0:1'))).toBe(false);
});

test('the menu knows the cell that it was opened at', () => {
  const menu = vi.fn();
  show({ onMenu: menu });
  fireEvent.contextMenu(cell('1:1'), { clientX: 5, clientY: 6 });
  expect(menu).toHaveBeenCalledWith(records[1], { left: 5, top: 6 }, 'price');
});

test('typing begins an edit with what was typed, where something may be typed', () => {
  show();
  key('0:0', '7');
  key('0:1', 'x');
  expect(document.querySelector('.cell-editor')).toBeNull();
  key('0:1', '7');
  const input = document.querySelector<HTMLInputElement>('.cell-editor input');
  expect(input?.value).toBe('7');
  expect(calls).toEqual([]);
});

test('keys with a modifier, and the space that selects, begin none', () => {
  const select = vi.fn();
  show({ onSelect: select });
  fireEvent.keyDown(cell('0:1'), { key: 'c', ctrlKey: true });
  key('0:1', ' ');
  expect(document.querySelector('.cell-editor')).toBeNull();
  expect(select).toHaveBeenCalledWith(new Set(['1']));
});

test('scrolling draws other rows, and nothing of the heads', async () => {
  const many = Array.from({ length: 200 }, (_, at) => record(String(at + 1)));
  let asked = 0;
  const isSortable = () => {
    asked++;
    return false;
  };
  const { container } = show({ records: many, isSortable });
  await screen.findByText('书1');
  const before = asked;
  const scroller = container.querySelector('.grid-scroll') as HTMLElement;
  scroller.scrollTop = 3_400;
  fireEvent.scroll(scroller);
  await screen.findByText('书101');
  expect(screen.queryByText('书1')).toBeNull();
  expect(asked).toBe(before);
});

test('what is typed into a cell before its input has come waits for it', () => {
  show({ Edit: ({ value }) => <output>{String(value)}</output> });
  const reads = () => screen.queryByRole('status')?.textContent;
  for (const typed of ['1', '2', '.', '5']) key('0:1', typed);
  expect(reads()).toBe('12.5');
  key('0:1', 'Enter');
  key('0:1', 'x');
  expect(reads()).toBe('12.5');
  key('0:1', 'Escape');
  expect(reads()).toBeUndefined();
  key('0:1', 'F2');
  key('0:1', '9');
  expect(reads()).toBe('1.009');
});

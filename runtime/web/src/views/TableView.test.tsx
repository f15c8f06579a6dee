import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RecordView } from '../api';
import type { Form } from '../meta';
import { showPage } from '../test/page';
import { type Asked, held, problem, recordOf, serve } from '../test/server';
import { book } from '../test/world';
import type { ListProps } from './listProps';
import { TableView } from './TableView';
import { useRecords } from './useRecords';

let kept: RecordView[];
let changes: ReturnType<typeof held>;
beforeEach(() => {
  changes = held();
  kept = [recordOf('1', { name: '红楼梦', price: '3.00' }), recordOf('2', { name: '水浒传', price: '4.00' })];
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(800);
});
afterEach(() => vi.restoreAllMocks());

const list = ({ method }: Asked) => (method === 'GET' ? { records: kept } : undefined);
const set = vi.fn();
const form: Form = { ...book, fields: book.fields.slice(0, 2) };

function Table({ sort = '', unpinned = false }) {
  const found = useRecords({ form: 'book' });
  const state = { sort, q: '', wire: '' };
  const columns = {
    layout: { widths: {}, pinned: [], unpinned, order: [], hidden: [] },
    change: vi.fn(),
    shown: form.fields,
  };
  const props = { form, columns, control: { state, set }, list: found, selected: new Set(), open: () => undefined };
  return <TableView {...(props as unknown as ListProps)} />;
}

const cell = (at: string) => document.querySelector(`[data-at="${at}"]`) as HTMLElement;
async function edit(at: string, value: string) {
  await screen.findByText('水浒传');
  fireEvent.keyDown(cell(at), { key: 'F2' });
  const input = cell(at).querySelector('input') as HTMLInputElement;
  fireEvent.change(input, { target: { value } });
  fireEvent.keyDown(input, { key: 'Enter' });
}

test('a cell shows what was typed at once, and the answer corrects it', async () => {
  const asked = serve(list, (one) => changes.answer(one));
  await showPage(<Table />);
  await edit('0:1', '7.5');
  await waitFor(() => expect(cell('0:1').textContent).toBe('¥7.5'));
  expect(cell('0:1').querySelector('input')).toBeNull();
  await waitFor(() => expect(changes.count).toBe(1));
  kept = [recordOf('1', { name: '红楼梦', price: '7.50' }, { version: 2 }), kept[1] as RecordView];
  changes.release(kept[0]);
  await waitFor(() => expect(cell('0:1').textContent).toBe('¥7.50'));
  fireEvent.click(await screen.findByRole('button', { name: '撤销' }));
  await waitFor(() => expect(cell('0:1').textContent).toBe('¥3.00'));
  await waitFor(() => expect(changes.count).toBe(1));
  const last = asked.filter(({ method }) => method === 'PATCH').at(-1);
  expect([last?.version, last?.body]).toEqual(['2', { values: { price: '3.00' } }]);
  changes.release(recordOf('1', { name: '红楼梦', price: '3.00' }, { version: 3 }));
});

const refusal = () => problem(422, { errors: [{ path: '/values/price', code: 'minimum', message: '不能小于零' }] });

test('what is refused is open again in its cell with what was typed and why', async () => {
  serve(list, (one) => changes.answer(one));
  await showPage(<Table />);
  await edit('0:1', '-5');
  await waitFor(() => expect(changes.count).toBe(1));
  changes.release(refusal());
  const fault = await within(cell('0:1')).findByRole('alert');
  expect([fault.textContent, cell('0:1').querySelector('input')?.value]).toEqual(['不能小于零', '-5']);
  fireEvent.keyDown(cell('0:1').querySelector('input') as HTMLElement, { key: 'Escape' });
  expect(cell('0:1').textContent).toBe('¥3.00');
});

test('whoever edits another cell by then stays there, and is told how to come back', async () => {
  serve(list, (one) => changes.answer(one));
  await showPage(<Table />);
  await edit('0:1', '-5');
  await waitFor(() => expect(changes.count).toBe(1));
  await waitFor(() => expect(document.activeElement).toBe(cell('0:1'))); // Enter leads back to it, a frame later
  fireEvent.keyDown(cell('1:1'), { key: 'F2' });
  changes.release(refusal());
  await screen.findByText('字段 currency: 不能小于零');
  expect(cell('1:1').querySelector('input')).not.toBeNull();
  fireEvent.click(screen.getByRole('button', { name: '再改一次' }));
  expect(cell('0:1').querySelector('input')?.value).toBe('-5');
});

test('where somebody was faster both versions stand side by side', async () => {
  serve(list, (one) => changes.answer(one));
  await showPage(<Table />);
  await edit('0:1', '9');
  await waitFor(() => expect(changes.count).toBe(1));
  const theirs = recordOf('1', { name: '红楼梦', price: '8.00' }, { version: 5 });
  kept = [theirs, kept[1] as RecordView];
  changes.release(problem(409, { conflict: { theirs } }));
  const dialog = await screen.findByRole('dialog');
  expect([...dialog.querySelectorAll('.version')].map((one) => one.textContent?.trim())).toEqual([
    '我的¥9',
    '对方的¥8.00',
  ]);
  await waitFor(() => expect(cell('0:1').textContent).toBe('¥8.00'));
});

test('one click on a head sorts up, the next down, the third not at all', async () => {
  serve(list);
  const next = [
    ['', 'price'],
    ['price', '-price'],
    ['-price', undefined],
  ] as const;
  for (const [sort, sorted] of next) {
    set.mockClear();
    document.body.innerHTML = '';
    await showPage(<Table sort={sort} />);
    fireEvent.click(await screen.findByRole('button', { name: /字段 currency/ }));
    expect(set).toHaveBeenLastCalledWith({ sort: sorted }, true);
  }
});

test('the first column stays in sight while the others are scrolled, unless it was let go', async () => {
  serve(list);
  await showPage(<Table />);
  await screen.findByText('水浒传');
  expect([cell('0:0').dataset.pin, cell('0:1').dataset.pin]).toEqual(['last', undefined]);
  cleanup();
  await showPage(<Table unpinned />);
  await screen.findByText('水浒传');
  expect(document.querySelectorAll('[data-pin]')).toHaveLength(0);
});

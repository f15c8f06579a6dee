import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { RecordView } from '../api';
import type { Form } from '../meta';
import { book, World } from '../test/world';
import { MergeDialog } from './MergeDialog';

const form = book as unknown as Form;
const rights = { update: true, delete: true, actions: [] };
const record = (id: string, at: string, values: object, more = {}) =>
  ({ id, version: 3, createdAt: at, values, rights, ...more }) as unknown as RecordView;
// Of one second, whose parts are written no longer than they are.
const older = record('old', '2026-01-01T00:00:00.12Z', { name: 'Whales' });
const newer = record('new', '2026-01-01T00:00:00.123Z', { name: 'Wales', price: '12.50' });

let asked: Array<{ url: string; method?: string; body: unknown }>;
beforeEach(() => {
  asked = [];
  vi.stubGlobal(
    'fetch',
    vi.fn(async (url: string, init: RequestInit) => {
      asked.push({ url: String(url), method: init.method, body: JSON.parse(String(init.body ?? 'null')) });
      const [keep, drop] = String(url).includes('/records/old/') ? [older, newer] : [newer, older];
      const answer =
        init.method === 'POST'
          ? {
              id: 'j1',
              kind: 'merge',
              state: 'done',
              progress: { done: 4, total: 4 },
              report: { counts: { moved: 4 } },
            }
          : { keep, drop, fields: ['name', 'price'], moves: [{ form: 'book', count: { value: 4, exact: true } }] };
      return new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } });
    }),
  );
});

const show = (records: RecordView[]) =>
  render(
    <World>
      <MergeDialog form={form} records={records} onClose={() => {}} />
    </World>,
  );
const chosen = (legend: string) =>
  within(screen.getByRole('group', { name: legend }))
    .getAllByRole('radio')
    .map((radio) => (radio as HTMLInputElement).checked);

test('the older stays, takes what it lacks, and is sent with both versions that were seen', async () => {
  show([newer, older]);
  await screen.findByRole('group', { name: '字段 text' });
  expect(chosen('字段 text')).toEqual([true, false]);
  expect(chosen('字段 currency')).toEqual([false, true]);
  fireEvent.click(screen.getByRole('button', { name: '合并' }));
  await waitFor(() => expect(asked.at(-1)?.method).toBe('POST'));
  expect(asked.at(-1)).toMatchObject({
    url: expect.stringContaining('/forms/book/records/old/merge'),
    body: { version: 3, with: 'new', withVersion: 3, take: ['price'] },
  });
});

test('turned round, the other stays', async () => {
  show([older, newer]);
  fireEvent.click(await screen.findByRole('button', { name: /改为保留另一条/ }));
  await waitFor(() => expect(asked.at(-1)?.url).toContain('/records/new/merge?with=old'));
  await waitFor(() => expect(chosen('字段 currency')).toEqual([true, false]));
});

test('one that may not be deleted is the one that stays', async () => {
  show([older, record('new', '2026-01-01T00:00:00.123Z', {}, { rights: { ...rights, delete: false } })]);
  await waitFor(() => expect(asked[0]?.url).toContain('/records/new/merge?with=old'));
});

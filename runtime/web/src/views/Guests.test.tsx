import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { act, type RecordView, type SharedWith } from '../api';
import { book, label, World } from '../test/world';
import { Guests } from './Guests';

vi.mock('../api', async (original) => ({ ...(await original<typeof import('../api')>()), act: vi.fn() }));
const sent = vi.mocked(act);

const form = {
  ...book,
  actions: [
    { key: 'share', label: label('共享'), kind: 'plain' as const, many: true, ask: { reason: 'optional' as const } },
    {
      key: 'unshare',
      label: label('取消共享'),
      kind: 'plain' as const,
      many: true,
      ask: { reason: 'optional' as const },
    },
  ],
};
const by = { id: 'u2', title: '李四' };
const at = '2026-03-31T04:00:00Z';
const shared: SharedWith = {
  mine: 'read',
  with: [
    { kind: 'person', id: 'u1', title: '金', how: 'read', by, at, until: '2026-04-30T16:00:00Z' },
    { kind: 'unit', id: 'east', title: '华东', how: 'write', by, at },
  ],
};
const record = (actions: string[]): RecordView => ({
  id: 'r1',
  form: 'book',
  version: 1,
  values: { name: '潮汐' },
  createdAt: at,
  createdBy: by,
  updatedAt: at,
  updatedBy: by,
  shared,
  rights: { update: false, delete: false, actions },
});

const shown = (actions: string[], onGone = vi.fn()) => {
  render(
    <World>
      <Guests form={form} record={record(actions)} shared={shared} onGone={onGone} />
    </World>,
  );
  return onGone;
};

beforeEach(() => {
  sent.mockReset();
});

test('a guest reads who else is one, ends their own share alone, and is told that the record is out of sight', async () => {
  sent.mockResolvedValue(undefined);
  const onGone = shown(['unshare']);
  expect(screen.getByText('与您共享：可查看')).toBeTruthy();
  expect(screen.getByText('华东')).toBeTruthy();
  expect(screen.getByText('可查看 · 至 2026-04-30 16:00')).toBeTruthy();
  const ends = screen.getAllByRole('button');
  expect(ends.map((one) => one.getAttribute('aria-label'))).toEqual(['取消与金的共享']);
  await userEvent.click(ends[0] as HTMLElement);
  expect(sent.mock.calls[0]?.slice(0, 4)).toEqual(['book', 'r1', 'unshare', { args: { person: 'u1' } }]);
  expect(onGone).toHaveBeenCalledOnce();
});

test('who shares ends any share, of a unit too', async () => {
  sent.mockResolvedValue(record(['share']));
  const onGone = shown(['share', 'unshare']);
  await userEvent.click(screen.getByRole('button', { name: '取消与华东的共享' }));
  expect(sent.mock.calls[0]?.[3]).toEqual({ args: { unit: 'east' } });
  expect(onGone).not.toHaveBeenCalled();
});

test('who may end none has no button', () => {
  shown([]);
  expect(screen.queryAllByRole('button')).toEqual([]);
});

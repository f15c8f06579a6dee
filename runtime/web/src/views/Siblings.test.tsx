import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { RecordView } from '../api';
import { book, label, World } from '../test/world';
import { Siblings } from './Siblings';

const form = {
  ...book,
  pools: [
    { key: 'east', label: label('华东公海'), stage: 'state' },
    { key: 'west', label: label('华西公海') },
  ],
};
const by = { id: 'u1', title: '金' };
const at = '2026-03-31T04:00:00Z';
const shown = (more: Partial<RecordView>) =>
  render(
    <World>
      <ul>
        <Siblings
          form={form}
          record={{
            id: 'r1',
            form: 'book',
            version: 1,
            values: {},
            createdAt: at,
            createdBy: by,
            updatedAt: at,
            updatedBy: by,
            rights: { update: true, delete: false, actions: [] },
            ...more,
          }}
        />
      </ul>
    </World>,
  );

test('who works on the same target is told with the day of their last follow-up', () => {
  shown({ siblings: [{ pool: 'east', followedUpOn: '2026-03-30' }, { pool: 'west' }] });
  expect(screen.getAllByRole('listitem').map((one) => one.textContent)).toEqual([
    '也在华东公海，最近跟进 2026-03-30',
    '也在华西公海',
  ]);
});

test('a record that is closed says who has won, and the winner that the others are closed', () => {
  const { unmount } = shown({
    closed: true,
    siblings: [
      { pool: 'east', won: true },
      { pool: 'west', closed: true },
    ],
  });
  expect(screen.getAllByRole('listitem').map((one) => one.textContent)).toEqual([
    '本记录已关闭',
    '华东公海已赢得此目标',
  ]);
  unmount();
  shown({ won: true, siblings: [{ pool: 'west', closed: true }] });
  expect(screen.getAllByRole('listitem').map((one) => one.textContent)).toEqual([
    '已赢得此目标，其他公海的同源记录已关闭',
  ]);
});

test('how far a sibling is reads as its own pool says, and what was written there opens', () => {
  shown({
    siblings: [
      {
        pool: 'east',
        stage: 'a',
        said: [
          { on: '2026-03-30', text: '已寄样品' },
          { on: '2026-03-30', text: '已寄样品' },
        ],
      },
    ],
  });
  expect(screen.getByText('也在华东公海，甲').tagName).toBe('SUMMARY');
  expect(screen.getAllByText('已寄样品')).toHaveLength(2);
});

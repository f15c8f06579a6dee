import { describe, expect, it } from 'vitest';
import { type Field, keepTime } from '../meta';
import { partFilter } from './AgendaView';

const field = (kind: string) => ({ key: 'due', definition: { 'x-field': kind } }) as unknown as Field;
const asked = (part: Parameters<typeof partFilter>[0], kind: string, filter?: string) => {
  keepTime('Asia/Shanghai');
  return JSON.parse(partFilter(part, field(kind), filter, '2026-03-09T14:05:00'));
};

describe('partFilter', () => {
  it('takes a time for overdue from its minute on', () => {
    expect(asked('overdue', 'datetime')).toEqual({
      and: [{ field: 'due', op: 'lt', value: '2026-03-09T06:05:00.000Z' }],
    });
    expect(asked('today', 'datetime')).toEqual({
      and: [
        { field: 'due', op: 'gte', value: '2026-03-09T06:05:00.000Z' },
        { field: 'due', op: 'lt', value: '2026-03-09T16:00:00.000Z' },
      ],
    });
  });

  it('takes a day for overdue on the next', () => {
    expect(asked('overdue', 'date')).toEqual({ and: [{ field: 'due', op: 'lt', value: '2026-03-09' }] });
    expect(asked('later', 'date')).toEqual({ and: [{ field: 'due', op: 'gte', value: '2026-03-10' }] });
  });

  it('adds to what the list is narrowed to', () => {
    const filter = JSON.stringify({ field: 'done', op: 'eq', value: false });
    expect(asked('undated', 'date', filter)).toEqual({ and: [{ field: 'due', op: 'empty' }, JSON.parse(filter)] });
  });
});

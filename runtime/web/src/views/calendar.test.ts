import { beforeAll, expect, test } from 'vitest';
import type { RecordView } from '../api';
import { keepTime } from '../meta';
import { book, defOf } from '../test/world';
import { dateField, daysOf, daysWith, laidOut, movedTo, turned, withinFilter } from './calendar';

const field = (kind: 'date' | 'datetime' | 'daterange') => ({ key: kind, definition: defOf(kind) });
const record = (id: string, key: string, value: unknown) => ({ id, values: { [key]: value } }) as unknown as RecordView;

beforeAll(() => keepTime('Asia/Shanghai'));

test('a month is shown in whole weeks from Monday on, a week as its seven days', () => {
  const march = daysOf('2026-03-31', 'month');
  expect([march[0], march.at(-1), march.length]).toEqual(['2026-02-23', '2026-04-05', 42]);
  expect(daysOf('2026-02-10', 'month')).toHaveLength(35);
  expect(daysOf('2027-02-10', 'month')).toHaveLength(28);
  expect(daysOf('2026-03-01', 'week')).toEqual(daysOf('2026-02-23', 'week'));
  expect(turned('2026-01-31', 'month', 1)).toBe('2026-02-01');
  expect(turned('2026-01-31', 'week', -1)).toBe('2026-01-24');
});

test('days are asked for as the hours of the company have them', () => {
  const days = ['2026-03-01', '2026-03-02'];
  expect(JSON.parse(withinFilter(field('datetime'), days, undefined))).toEqual({
    and: [
      { field: 'datetime', op: 'gte', value: '2026-02-28T16:00:00.000Z' },
      { field: 'datetime', op: 'lt', value: '2026-03-02T16:00:00.000Z' },
    ],
  });
  expect(JSON.parse(withinFilter(field('date'), days, '{"field":"a"}')).and).toHaveLength(3);
  expect(JSON.parse(withinFilter(field('daterange'), days, undefined)).and[0]).toMatchObject({ op: 'overlaps' });
});

test('a record stands on its day, or on each of its range, in the order of its time', () => {
  expect(daysWith(field('datetime'), '2026-03-01T17:00:00Z')).toEqual(['2026-03-02']);
  expect(daysWith(field('daterange'), { start: '2026-03-01', end: '2026-03-03' })).toHaveLength(3);
  expect(daysWith(field('date'), null)).toEqual([]);
  const late = record('late', 'datetime', '2026-03-02T09:00:00Z');
  const early = record('early', 'datetime', '2026-03-02T01:00:00Z');
  const laid = laidOut(field('datetime'), [late, early], ['2026-03-02']);
  expect(laid.get('2026-03-02')?.map((one) => one.id)).toEqual(['early', 'late']);
});

test('what is moved keeps its hour and its length', () => {
  expect(movedTo(field('date'), '2026-03-02', '2026-03-02', '2026-03-09')).toBe('2026-03-09');
  expect(movedTo(field('datetime'), '2026-03-02T01:30:00Z', '2026-03-02', '2026-03-01')).toBe(
    '2026-03-01T01:30:00.000Z',
  );
  expect(movedTo(field('daterange'), { start: '2026-02-27', end: '2026-03-02' }, '2026-03-01', '2026-03-02')).toEqual({
    start: '2026-02-28',
    end: '2026-03-03',
  });
});

test("the day is that of the view's field, else of the first that tells one", () => {
  const form = { ...book, fields: [...book.fields, field('date'), field('datetime')] };
  const view = { key: 'v', form: 'book', label: book.label, kind: 'calendar' as const };
  expect(dateField(form, { ...view, group: 'datetime' })?.key).toBe('datetime');
  expect(dateField(form, { ...view, group: 'price' })?.key).toBe('date');
  expect(dateField(book, view)).toBeUndefined();
});

import { expect, test } from 'vitest';
import { bucketStretch, stretchOf } from '../charts/period';
import { type Group, me, parseFilter, spanOf, toWire } from './filter';
import { ago, grouped, money, short } from './format';
import { nowThere, wallTime } from './zone';

const reader = { id: 'u1', isInstant: (field: string) => field === 'at' };
const and = (...items: Group['items']): Group => ({ join: 'and', items });

test('half-built conditions ask nothing', () => {
  expect(toWire(and({ field: 'a', op: 'eq' }, { field: 'b', op: 'in', value: [] }), reader)).toBeUndefined();
  expect(toWire(and({ field: 'a', op: 'empty' }), reader)).toEqual({ and: [{ field: 'a', op: 'empty' }] });
});

test('groups nest, references go as ids, me is whoever asks', () => {
  const filter = and(
    { join: 'or', items: [{ field: 'owner', op: 'in', value: [me, { id: 'u2', title: '乙' }] }] },
    { field: 'n', op: 'gte', value: '3' },
  );
  expect(toWire(filter, reader)).toEqual({
    and: [{ or: [{ field: 'owner', op: 'in', value: ['u1', 'u2'] }] }, { field: 'n', op: 'gte', value: '3' }],
  });
});

test('a condition in the words of who defined it goes along, and is one', () => {
  const filter = and({ expr: 'n > 1', label: { 'zh-CN': '多', en: 'Many' } }, { field: 'n', op: 'eq' });
  expect(parseFilter(JSON.stringify(filter))).toEqual(filter);
  expect(toWire(filter, reader)).toEqual({ and: [{ expr: 'n > 1' }] });
  expect(parseFilter('{"join":"and","items":[{"expr":1,"label":{}}]}')).toBeUndefined();
});

test('spans become days, and instants for what is an instant', () => {
  const wire = toWire(and({ field: 'day', op: 'during', value: 'today' }), reader) as {
    and: { and: { value: string }[] }[];
  };
  expect(wire.and[0]?.and[0]?.value).toBe(nowThere().format('YYYY-MM-DD'));
  const instant = toWire(and({ field: 'at', op: 'during', value: 'today' }), reader) as {
    and: { and: { value: string }[] }[];
  };
  expect(instant.and[0]?.and[0]?.value).toMatch(/T.*Z$/);
  const monday = spanOf('thisWeek', wallTime('2026-11-22'))[0];
  expect(monday.format('YYYY-MM-DD')).toBe('2026-11-16');
  expect(spanOf('thisQuarter', wallTime('2026-11-22')).map((d) => d.format('YYYY-MM-DD'))).toEqual([
    '2026-10-01',
    '2027-01-01',
  ]);
});

test('what is no filter in an address is none', () => {
  for (const text of ['', '{', '1', '{"join":"xor","items":[]}', '{"join":"and","items":[{"op":1}]}']) {
    expect(parseFilter(text), text).toBeUndefined();
  }
  expect(parseFilter('{"join":"and","items":[]}')).toEqual({ join: 'and', items: [] });
});

test('periods and buckets are stretches of days', () => {
  const now = wallTime('2026-11-22T10:00:00');
  expect(stretchOf('last12Months', now)).toEqual(['2025-12-01', '2026-11-23']);
  expect(stretchOf('last30Days', now)).toEqual(['2026-10-24', '2026-11-23']);
  expect(stretchOf('all', now)).toBeUndefined();
  expect(bucketStretch('2026-03')).toEqual(['2026-03-01', '2026-04-01']);
  expect(bucketStretch('2026-Q4')).toEqual(['2026-10-01', '2027-01-01']);
  expect(bucketStretch('2025-12-29', 'week')).toEqual(['2025-12-29', '2026-01-05']);
  expect(bucketStretch('2026')).toEqual(['2026-01-01', '2027-01-01']);
  expect(bucketStretch('2026-03-09')).toEqual(['2026-03-09', '2026-03-10']);
});

test('numbers read as people of a language read them', () => {
  expect(grouped('-1234567.50')).toBe('-1,234,567.50');
  expect(money('90071992547409931.25')).toBe('¥90,071,992,547,409,931.25');
  expect(short(41_820_000, 'zh-CN')).toBe('4,182万');
  expect(short(180_000_000, 'zh-CN')).toBe('1.8亿');
  expect(short(1_500_000, 'en')).toBe('1.5M');
  expect(ago('2026-11-22T09:57:00Z', 'zh-CN', wallTime('2026-11-22T10:00:00Z'))).toBe('3分钟前');
});

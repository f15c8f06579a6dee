import { afterEach, expect, test } from 'vitest';
import { minute } from './format';
import { instantOf, keepTime, wallOf } from './zone';

afterEach(() => keepTime('UTC'));

test.each([
  ['Asia/Shanghai', '2026-03-09T16:30:00Z', '2026-03-10T00:30:00'],
  ['America/New_York', '2026-01-31T03:05:09Z', '2026-01-30T22:05:09'],
  ['America/New_York', '2026-07-31T03:05:09Z', '2026-07-30T23:05:09'],
  ['Asia/Kathmandu', '2026-12-31T18:15:00Z', '2027-01-01T00:00:00'],
])('in %s %s reads %s, and back', (zone, instant, wall) => {
  keepTime(zone);
  expect(wallOf(instant)).toBe(wall);
  expect(instantOf(wall)).toBe(instant.replace('Z', '.000Z'));
  expect(minute(instant)).toBe(wall.slice(0, 16).replace('T', ' '));
});

test('what is no instant reads as nothing', () => {
  expect(wallOf('soon')).toBe('');
  expect(minute('soon')).toBe('');
});

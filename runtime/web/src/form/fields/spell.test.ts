import { expect, test } from 'vitest';
import { indented } from './json';
import { readSpell, writeSpell } from './spell';

test.each([
  ['1:30', 5400],
  ['1:30:05', 5405],
  ['90', 5400],
  ['90 分钟', 5400],
  ['1.5h', 5400],
  ['１小时３０分', 5400],
  ['45s', 45],
  ['0', 0],
  ['-5', undefined],
  ['1:75', undefined],
  ['2天', undefined],
  ['', undefined],
] as [string, number | undefined][])('%s is read as a length of time', (typed, seconds) => {
  expect(readSpell(typed)).toBe(seconds);
});

test('a length of time is read again as it was written', () => {
  for (const seconds of [0, 5, 60, 5400, 5405, 360_000_000]) expect(readSpell(writeSpell(seconds))).toBe(seconds);
});

test('JSON is set out without touching its numbers and texts', () => {
  expect(indented('{"a":[1.50,12345678901234567890],"b":"x, {y}: \\"z\\"","c":{},"d":[ ]}')).toBe(
    '{\n  "a": [\n    1.50,\n    12345678901234567890\n  ],\n  "b": "x, {y}: \\"z\\"",\n  "c": {},\n  "d": []\n}',
  );
  expect(indented('}}]')).toBe('\n}\n}\n]');
});

import { expect, test } from 'vitest';
import type { ProblemLine } from '../api';
import type { Catalog, Label } from '../meta';
import { book, label } from '../test/world';
import { alike, conditionText, documentOf, partsOf, placeOf, readPart, withPart } from './values';

const reader = {
  catalog: { forms: [book] } as unknown as Catalog,
  label: (of: Label | undefined) => of?.en ?? '',
  yes: 'yes',
  no: 'no',
  empty: 'empty',
};

test('a condition is read by its options’ names, its bounds in their order', () => {
  const said = (value: unknown, of?: string) => conditionText(value, of, reader);
  expect(said(['a', 'b'], 'book.state')).toBe(`${label('甲').en}、${label('乙').en}`);
  expect(said({ below: 5, from: 1 })).toBe('≥ 1 < 5');
  expect([said({ empty: true }), said(false), said(undefined), said('z', 'book.state'), said('z', 'gone.x')]).toEqual([
    'empty',
    'no',
    '',
    'z',
    'z',
  ]);
});

test('what is typed is a value of the same kind, and never another number than was typed', () => {
  const typed = ['7', ' １２ ', '007', '-3', '1.50', '.5', '1e3', '1,000', 'abc', '', '7.', '9007199254740993'];
  expect(typed.map((text) => readPart(text, 1))).toEqual([
    7,
    12,
    7,
    -3,
    1.5,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect([readPart(' x ', 'y'), readPart('', 'y')]).toEqual(['x', undefined]);
});

test('bounds are typed one by one, and each keeps the others', () => {
  const value = { from: 1, below: 5 };
  expect(partsOf(value).map(({ sign, value: part }) => [sign, part])).toEqual([
    ['≥', 1],
    ['<', 5],
  ]);
  expect(withPart(value, 'below', 9)).toEqual({ from: 1, below: 9 });
  expect(withPart(3, undefined, 4)).toBe(4);
  expect(partsOf(['a'])).toEqual([]);
});

test('places are read with what is escaped in them', () => {
  expect(placeOf('/rows/2/then/a~1b~0')).toMatchObject({ row: 2, part: 'then', key: 'a/b~' });
  expect(placeOf('/hold/max')).toEqual({ key: 'hold.max', keys: ['hold', 'max'] });
});

test('what several documents say of the same place is said once', () => {
  const line = (path: string, message: string, file: string) => ({ path, message, file, code: 'x' }) as ProblemLine;
  const found = alike([line('/a', 'm', '1'), line('/b', 'm', '1'), line('/a', 'm', '2'), line('/a', 'n', '1')]);
  expect(found.map((lines) => lines.map(({ path, message, file }) => path + message + file))).toEqual([
    ['/am1', '/am2'],
    ['/bm1'],
    ['/an1'],
  ]);
  expect([documentOf('pools/east.json'), documentOf('rules/x.json'), documentOf(undefined)]).toEqual([
    { kind: 'pool', key: 'east' },
    undefined,
    undefined,
  ]);
});

import { expect, test } from 'vitest';
import { defOf } from '../test/world';
import { conditionOf, narrowed } from './narrow';

test('a condition asks for what a value is, by the first comparison that its kind knows', () => {
  expect(conditionOf('f', defOf('stage'), 'a')).toEqual({ field: 'f', op: 'in', value: ['a'] });
  expect(conditionOf('f', defOf('multiselect'), ['a', 'b'])).toEqual({ field: 'f', op: 'in', value: ['a', 'b'] });
  expect(conditionOf('f', defOf('member'), { id: 'u1', title: '金', more: 1 })).toEqual({
    field: 'f',
    op: 'in',
    value: [{ id: 'u1', title: '金' }],
  });
  expect(conditionOf('f', defOf('boolean'), false)).toEqual({ field: 'f', op: 'eq', value: false });
  expect(conditionOf('f', defOf('currency'), '1.50')).toEqual({ field: 'f', op: 'eq', value: '1.50' });
  expect(conditionOf('f', defOf('text'), null)).toEqual({ field: 'f', op: 'empty' });
  // Nothing can be asked for: it compares with no single value.
  expect(conditionOf('f', defOf('attachment'), [{ id: '1' }])).toBeUndefined();
  expect(conditionOf('f', defOf('daterange'), { from: '2027-01-01' })).toBeUndefined();
});

test('it joins what there is, and an "or" stays as it was beside it', () => {
  const one = { field: 'f', op: 'empty' } as const;
  const or = { join: 'or' as const, items: [one, one] };
  expect(JSON.parse(narrowed(undefined, one))).toEqual({ join: 'and', items: [one] });
  expect(JSON.parse(narrowed({ join: 'and', items: [one] }, one))).toEqual({ join: 'and', items: [one, one] });
  expect(JSON.parse(narrowed(or, one))).toEqual({ join: 'and', items: [or, one] });
});

import { expect, test } from 'vitest';
import type { Field, Form, Group, View } from '../meta';
import { chosenOf, ownerToChoose, quickFields, toggled } from './quick';

const options = (...values: string[]) => values.map((value) => ({ value, label: { en: value }, color: 'blue' }));
const field = (key: string, kind: string, values: string[] = [], more: Partial<Field> = {}) =>
  ({ key, definition: { 'x-field': kind, 'x-label': { en: key }, 'x-options': options(...values) }, ...more }) as Field;

const rank = field('rank', 'select', ['a', 'b']);
const state = field('state', 'select', ['new', 'old']);
const many = field('many', 'select', ['1', '2', '3', '4', '5', '6', '7', '8']);
const hidden = field('hidden', 'select', ['x', 'y'], { masked: true });
const name = field('name', 'text');

const formOf = (fields: Field[], group?: string) =>
  ({ fields, views: [{ key: 'v', kind: group ? 'kanban' : 'table', group }] }) as unknown as Form;
const keys = (fields: Field[]) => fields.map(({ key }) => key);

test('chips are of the field that boards stand by, then of columns with few choices that one may see', () => {
  const all = [name, many, hidden, rank, state];
  expect(keys(quickFields(formOf(all, 'state'), all, undefined))).toEqual(['state', 'rank']);
  expect(keys(quickFields(formOf(all, 'state'), all, 'state'))).toEqual(['rank']);
  expect(keys(quickFields(formOf([name, many, hidden]), [name, many, hidden], undefined))).toEqual([]);
});

test('a chip adds its value to those chosen and takes it away again, and touches nothing else', () => {
  const other = { field: 'name', op: 'contains' as const, value: 'x' };
  const one = toggled({ join: 'and', items: [other] }, 'rank', 'a');
  expect(one).toEqual({ join: 'and', items: [other, { field: 'rank', op: 'in', value: ['a'] }] });
  const two = toggled(one, 'rank', 'b');
  expect(chosenOf(two, 'rank')).toEqual(['a', 'b']);
  expect(toggled(toggled(two, 'rank', 'a'), 'rank', 'b')).toEqual({ join: 'and', items: [other] });
  expect(toggled(toggled(undefined, 'rank', 'a'), 'rank', 'a')).toBeUndefined();
});

test('of a filter whose conditions are one or the other, the chip narrows the whole', () => {
  const either: Group = {
    join: 'or',
    items: [
      { field: 'rank', op: 'in', value: ['a'] },
      { field: 'name', op: 'empty' },
    ],
  };
  expect(chosenOf(either, 'rank')).toEqual([]);
  expect(toggled(either, 'rank', 'b')).toEqual({
    join: 'and',
    items: [either, { field: 'rank', op: 'in', value: ['b'] }],
  });
});

test('mine is to choose where the view does not show mine alone', () => {
  const form = { owner: 'owner' } as Form;
  const shown = (filter?: string) => ownerToChoose(form, { filter } as View);
  expect(shown()).toBe('owner');
  expect(shown('done == false')).toBe('owner');
  expect(shown('owner == actor.id or done')).toBe('owner');
  expect(shown('owner == actor.id and done or open')).toBe('owner');
  expect(shown('with == actor.id and owner != actor.id')).toBe('owner');
  expect(shown('owner == actor.id and done == false')).toBeUndefined();
  expect(ownerToChoose({} as Form, undefined)).toBeUndefined();
});

import { expect, test } from 'vitest';
import type { RecordView } from '../api';
import type { ActionView, Form } from '../meta';
import { book, label } from '../test/world';
import { argsOf, askOf, asksNothing, fieldFor, issuesOf, missingOf, offered, wayBack } from './asking';

const give: ActionView = {
  key: 'give',
  label: label('给'),
  kind: 'plain',
  many: true,
  undo: 'give',
  ask: { reason: 'optional', args: [{ key: 'to', label: label('给谁'), kind: 'person', required: true }] },
};
const back: ActionView = {
  key: 'back',
  label: label('还'),
  kind: 'danger',
  many: true,
  ask: { reason: 'no' },
  byPool: {
    east: { reason: 'required', reasons: [choice('old'), choice('torn')], args: [pool()] },
    west: { reason: 'optional', reasons: [choice('torn')] },
  },
};
const move: ActionView = { ...give, key: 'move', many: false, undo: 'move', ask: { reason: 'no', args: [pool(true)] } };
const form: Form = {
  ...book,
  owner: 'holder',
  pools: [
    { key: 'east', label: label('东') },
    { key: 'west', label: label('西') },
  ],
  actions: [give, back, move],
};

function choice(value: string) {
  return { value, label: label(value) };
}
function pool(required = false) {
  return { key: 'pool', label: label('去哪'), kind: 'pool' as const, required };
}
function record(key: string, actions: string[], holder?: string): RecordView {
  const rights = { update: true, delete: true, actions };
  const pool = { key, since: '2026-03-01T00:00:00Z' };
  return { id: key, values: holder ? { holder: { id: holder } } : {}, pool, rights } as unknown as RecordView;
}

test('what is asked for is what the home pool of the record says, of several pools what all of them say', () => {
  expect(askOf(back, [record('east', [])]).reasons).toHaveLength(2);
  expect(askOf(back, [record('west', [])])).toEqual({ reason: 'optional', reasons: [choice('torn')] });
  const both = askOf(back, [record('east', []), record('west', [])]);
  expect(both).toEqual({ reason: 'required', reasons: [choice('torn')], args: [] });
  expect(askOf(give, [record('east', [])])).toBe(give.ask);
});

test('actions are offered that may be done to some record now, and those for many where there are many', () => {
  const records = [record('east', ['give', 'move']), record('west', ['back'])];
  expect(offered(form, records).map((one) => one.key)).toEqual(['give', 'back', 'move']);
  expect(offered(form, records, true).map((one) => one.key)).toEqual(['give', 'back']);
  expect(offered(form, [record('east', ['unheardOf'])])).toEqual([]);
});

test('what asks for nothing is done at once; a question to confirm is asked', () => {
  expect(asksNothing(back, back.ask)).toBe(true);
  expect(asksNothing({ ...back, confirm: label('真的？') }, back.ask)).toBe(false);
  expect(asksNothing(give, give.ask)).toBe(false);
});

test('answers go as ids and values, and what is missing is known before', () => {
  expect(argsOf(give.ask, { to: { id: 'p1', title: '王明' } })).toEqual({ to: 'p1' });
  expect(argsOf(give.ask, { to: null })).toEqual({});
  expect(missingOf(give.ask, {}, '')).toEqual(['to']);
  expect(missingOf(askOf(back, [record('east', [])]), {}, '  ')).toEqual(['reason']);
  expect(missingOf(askOf(back, [record('west', [])]), {}, '')).toEqual([]);
});

test('a pool is chosen among the others', () => {
  expect(fieldFor(pool(true), form, ['east'])['x-options']?.map((one) => one.value)).toEqual(['west']);
  expect(fieldFor(pool(), form)['x-options']).toHaveLength(2);
});

test('what the server finds wrong stands at its input', () => {
  expect(issuesOf([{ path: '/args/to', code: 'field.required', message: '请填写' }])).toEqual({ to: '请填写' });
  expect(issuesOf([{ path: '/values/name', code: 'x', message: '别处' }])).toEqual({});
  expect(issuesOf(undefined)).toEqual({});
});

test('the way back is what the record had before, and none where it had nothing or may not go back', () => {
  const mine = record('east', [], 'p1');
  expect(wayBack(form, give, mine, record('east', ['give']))).toEqual({ key: 'give', args: { to: 'p1' } });
  expect(wayBack(form, move, mine, record('west', ['move']))).toEqual({ key: 'move', args: { pool: 'east' } });
  expect(wayBack(form, give, record('east', []), record('east', ['give']))).toBeUndefined();
  expect(wayBack(form, give, mine, record('east', []))).toBeUndefined();
  expect(wayBack(form, back, mine, record('east', ['back']))).toBeUndefined();
});

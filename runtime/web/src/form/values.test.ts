import { expect, test } from 'vitest';
import { book } from '../test/world';
import { draftKey, dropDraft, readDraft, tidyDrafts, writeDraft } from './draft';
import { changesToSend, issueMap, sameValue, shownValues } from './values';

test('what is typed wins, what rules work out comes next, what is saved last', () => {
  const shown = shownValues(
    book,
    { name: '旧', price: '1.00' },
    { name: '新' },
    { name: '新', price: '1.00', state: 'a', total: '9.00' },
  );
  expect(shown).toMatchObject({ name: '新', price: '1.00', state: 'a', total: '9.00' });
});

test('computed cells of typed rows come from the rules, by id and for new rows by place', () => {
  const typed = [{ id: 'r1', item: '笔', price: '2' }, { _key: 'n1' }, { _key: 'n2', item: '纸', price: '3' }];
  const ruled = [
    { id: 'r1', sum: '2.00' },
    { id: 'made', item: '纸', sum: '3.00' },
  ];
  const shown = shownValues(book, {}, { lines: typed }, { lines: ruled });
  expect(shown.lines).toEqual([
    { id: 'r1', item: '笔', price: '2', sum: '2.00' },
    { _key: 'n1' },
    { _key: 'n2', item: '纸', price: '3', sum: '3.00' },
  ]);
});

test('emptied fields are cleared, untouched ones are not sent', () => {
  expect(changesToSend(book, { name: '', lines: [{ _key: 'n1' }], other: 1 })).toEqual({ name: null, lines: [] });
});

test('faults find their field and their cell', () => {
  const { fields, others } = issueMap([
    { path: '/values/name', code: 'a', message: '缺' },
    { path: '/values/lines/0/price', code: 'b', message: '错' },
    { path: '', code: 'c', message: '别的' },
  ]);
  expect(fields).toEqual({ name: { '': '缺' }, lines: { '0/price': '错' } });
  expect(others).toEqual(['别的']);
});

test('values are the same by what they mean', () => {
  expect(sameValue(null, '')).toBe(true);
  expect(sameValue({ id: '1', title: 'a' }, { id: '1', title: 'b' })).toBe(true);
  expect(sameValue(70, '70')).toBe(true);
  expect(sameValue(['a'], ['b'])).toBe(false);
});

test('a draft is kept until it is dropped, empty or too old', () => {
  const key = draftKey('u', 'book', 'new');
  writeDraft(key, { version: 0, changes: { name: 'x' }, at: 1000 });
  expect(readDraft(key)?.changes).toEqual({ name: 'x' });
  tidyDrafts(1000);
  expect(readDraft(key)).toBeDefined();
  tidyDrafts(1000 + 31 * 24 * 3600 * 1000);
  expect(readDraft(key)).toBeUndefined();
  localStorage.setItem(key, '{broken');
  expect(readDraft(key)).toBeUndefined();
  dropDraft(key);
});

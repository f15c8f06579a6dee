import { expect, test } from 'vitest';
import { mentioned, pieces } from './mentions';

const wang = { id: 'u1', title: '王芳' };
const wangLi = { id: 'u2', title: '王芳丽' };

test('people are found where they are named, the longer name first', () => {
  expect(pieces('请 @王芳丽 和@王芳看看', [wang, wangLi])).toEqual([
    { text: '请 ' },
    { text: '@王芳丽', person: wangLi },
    { text: ' 和' },
    { text: '@王芳', person: wang },
    { text: '看看' },
  ]);
  expect(pieces('a@王 @', [wang])).toEqual([{ text: 'a@王 @' }]);
  expect(pieces('', [wang])).toEqual([]);
});

test('who was chosen and taken out again is not mentioned', () => {
  expect(mentioned('@王芳 好', [wang, wang, wangLi])).toEqual([wang]);
});

// What another record is called where it is named, and what is said where it is out of sight.
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { showPage } from '../../test/page';
import { World } from '../../test/world';
import { RecordLink, RecordTitle } from './link';

test('a record out of sight is named by no id', () => {
  const shown = (record: { id: string; title?: string }) =>
    render(
      <World>
        <RecordTitle record={record} />
      </World>,
    ).container.textContent;
  expect(shown({ id: '0100000000000000000000000a' })).toBe('无权查看');
  expect(shown({ id: '0100000000000000000000000a', title: '红楼梦' })).toBe('红楼梦');
});

test('what is named and does not open is no link', async () => {
  await showPage(
    <>
      <RecordLink form="book" record={{ id: '1', title: '红楼梦' }} />
      <RecordLink form="book" record={{ id: '2', title: '水浒传', unseen: true }} />
      <RecordLink form="book" record={{ id: '3' }} />
      <RecordLink form="secret" record={{ id: '4', title: '西游记' }} />
    </>,
  );
  expect(screen.getAllByRole('link').map((link) => [link.textContent, link.getAttribute('href')])).toEqual([
    ['红楼梦', '/f/book/1'],
  ]);
  for (const text of ['水浒传', '无权查看', '西游记']) screen.getByText(text);
});

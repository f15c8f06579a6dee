// What another record is called where it is named, and what is said where it is out of sight.
import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { World } from '../../test/world';
import { RecordTitle } from './link';

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

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { World } from '../test/world';
import { isTooLong, Length } from './Length';

const show = (text: string) =>
  render(
    <World>
      <Length id="long" text={text} max={10} />
    </World>,
  );

test('a text that nears its end says how long it is, and one that is too long by how much', () => {
  const { rerender } = show('1234567');
  const says = (text: string) => {
    rerender(
      <World>
        <Length id="long" text={text} max={10} />
      </World>,
    );
    return screen.getByRole('status').textContent;
  };
  expect(screen.getByRole('status').textContent).toBe('');
  expect(says('12345678')).toContain('8 / 10');
  expect(says('1234567890')).toContain('10 / 10');
  expect(says('1234567890123')).toMatch(/10.*3/);
});

test('characters are counted as people see letters, without the blanks around them', () => {
  expect(isTooLong(`  ${'😀'.repeat(10)}\n`, 10)).toBe(false);
  expect(isTooLong('汉'.repeat(11), 10)).toBe(true);
});

test('no input has a length of the browser’s, which cuts what is pasted in silence', () => {
  const root = join(import.meta.dirname, '..');
  const pages = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'));
  expect(pages.length).toBeGreaterThan(100);
  const cut = new RegExp(`${'maxLength'}=[{"]`);
  expect(pages.filter((name) => cut.test(readFileSync(join(root, name), 'utf8')))).toEqual([]);
});

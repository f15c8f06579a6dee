import { fireEvent, render } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { World } from '../test/world';
import { useShortcuts } from './useShortcuts';

const calls: string[] = [];
let params: Record<string, string>;
vi.mock('@tanstack/react-router', () => ({
  useNavigate:
    () =>
    ({ to }: { to: string }) =>
      calls.push(to),
  useParams: () => params,
}));

function Harness() {
  useShortcuts(
    () => calls.push('search'),
    () => calls.push('explain'),
  );
  return <input type="search" className="quick" />;
}

beforeEach(() => {
  calls.length = 0;
  params = { form: 'book' };
});
const show = () =>
  render(
    <World>
      <Harness />
    </World>,
  );
const press = (key: string, more: object = {}) => !fireEvent.keyDown(document.body, { key, ...more });

test('keys with a modifier act wherever one is, letters alone never', () => {
  show();
  expect(['k', 'n', '/', '?'].map((key) => press(key))).toEqual([false, false, false, false]);
  expect(press('k', { ctrlKey: true })).toBe(true);
  expect(press('K', { metaKey: true })).toBe(true);
  expect(press('/', { metaKey: true })).toBe(true);
  // A Mac writes another letter with Alt; the key is the same.
  expect(press('˜', { altKey: true, code: 'KeyN' })).toBe(true);
  expect(press('÷', { altKey: true, code: 'Slash' })).toBe(true);
  expect(calls).toEqual(['search', 'search', 'explain', '/f/$form/new']);
  expect(document.activeElement?.className).toBe('quick');
});

test('what is open over the page is not left by a key that means the page, and where no form is none is begun', () => {
  params = {};
  show();
  expect(press('n', { altKey: true, code: 'KeyN' })).toBe(false);
  const dialog = document.createElement('dialog');
  dialog.open = true;
  document.body.append(dialog);
  expect(press('/', { ctrlKey: true })).toBe(false);
  expect(press('/', { altKey: true, code: 'Slash' })).toBe(false);
  expect(press('k', { ctrlKey: true })).toBe(true);
  dialog.remove();
  expect(calls).toEqual(['search']);
});

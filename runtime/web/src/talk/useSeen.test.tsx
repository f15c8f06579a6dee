import { fireEvent, render, screen } from '@testing-library/react';
import { useRef } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { useSeen } from './useSeen';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function Line({ wanted }: { wanted: boolean }) {
  const line = useRef<HTMLLIElement>(null);
  useSeen(line, wanted);
  return (
    <ul>
      <li ref={line} tabIndex={-1}>
        what was said
      </li>
    </ul>
  );
}

/** Says when what stands around has another size than before. */
function observed() {
  let tell = () => undefined as unknown;
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(changed: () => unknown) {
        tell = changed;
      }
      observe() {}
      disconnect() {
        tell = () => undefined;
      }
    },
  );
  const shown = vi.fn();
  Element.prototype.scrollIntoView = shown;
  return { shown, grow: () => tell() };
}

test('what one comes for stays in sight while more comes in above it, until one moves', () => {
  const { shown, grow } = observed();
  render(<Line wanted />);
  expect(document.activeElement).toBe(screen.getByText('what was said'));
  expect(shown).toHaveBeenCalledTimes(1);
  grow();
  expect(shown).toHaveBeenCalledTimes(2);
  fireEvent.wheel(window);
  grow();
  expect(shown).toHaveBeenCalledTimes(2);
});

test('what nobody comes for moves nothing', () => {
  const { shown } = observed();
  render(<Line wanted={false} />);
  expect([shown.mock.calls.length, document.activeElement]).toEqual([0, document.body]);
});

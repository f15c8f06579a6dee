import { fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { Sideways } from './Sideways';

afterEach(() => vi.restoreAllMocks());

/** A place of 300 px for what is so wide. */
function show(wide: number) {
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(300);
  vi.spyOn(Element.prototype, 'scrollWidth', 'get').mockReturnValue(wide);
  render(
    <Sideways role="region" aria-label="rows">
      <table />
    </Sideways>,
  );
  const region = screen.getByRole('region', { name: 'rows' });
  const more = () => region.parentElement?.dataset.more;
  const move = (to: number) => {
    region.scrollLeft = to;
    fireEvent.scroll(region);
  };
  return { more, move };
}

test('an edge behind which there is more is told from one where it ends', () => {
  const { more, move } = show(500);
  expect(more()).toBe('right');
  move(80);
  expect(more()).toBe('left right');
  move(199.5);
  expect(more()).toBe('left');
  move(0);
  expect(more()).toBe('right');
});

test('what fits has no such edge', () => {
  expect(show(300).more()).toBe('');
});

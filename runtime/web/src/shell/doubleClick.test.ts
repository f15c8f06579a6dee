import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { guardDoubleClicks } from './doubleClick';

const clicked = vi.fn();
let stop: () => void;
const button = (name: string) => {
  const one = document.createElement('button');
  one.textContent = name;
  one.onclick = () => clicked(name);
  return document.body.appendChild(one);
};
const click = (on: Element, place = { clientX: 10, clientY: 10 }, detail = 1, late = 0) => {
  const event = new MouseEvent('click', { bubbles: true, cancelable: true, detail, ...place });
  const at = event.timeStamp + late;
  Object.defineProperty(event, 'timeStamp', { value: at });
  return on.dispatchEvent(event);
};

beforeEach(() => {
  clicked.mockClear();
  stop = guardDoubleClicks();
});
afterEach(() => {
  stop();
  document.body.innerHTML = '';
});

test('a second click at the same place that hits what came instead does nothing', () => {
  const [first, next] = [button('first'), button('next')];
  click(first);
  first.remove();
  expect(click(next)).toBe(false);
  expect(clicked.mock.calls).toEqual([['first']]);
});

test('a page that was busy hears of the second click late, and of another in its own time', () => {
  const [first, next] = [button('first'), button('next')];
  click(first);
  first.remove();
  expect(click(next, undefined, 2, 900)).toBe(false);
  expect(click(next, undefined, 1, 900)).toBe(true);
  expect(clicked.mock.calls.flat()).toEqual(['first', 'next']);
});

test('elsewhere, on the same thing, by the keyboard, and where the first is still there it is heard', () => {
  const [first, next] = [button('first'), button('next')];
  click(first);
  click(first);
  click(next);
  next.remove();
  click(first, { clientX: 90, clientY: 10 });
  first.remove();
  const last = button('last');
  click(last, { clientX: 90, clientY: 10 }, 0);
  expect(clicked.mock.calls.flat()).toEqual(['first', 'first', 'next', 'first', 'last']);
});

test('the press of a second click is not heard either where what the first one hit has gone', () => {
  const [first, next] = [button('first'), button('next')];
  const press = (detail: number) =>
    next.dispatchEvent(
      new MouseEvent('mousedown', { bubbles: true, cancelable: true, detail, clientX: 10, clientY: 10 }),
    );
  click(first);
  expect(press(2)).toBe(true);
  first.remove();
  expect(press(2)).toBe(false);
});

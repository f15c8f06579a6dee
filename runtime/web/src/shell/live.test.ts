import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listen } from './live';

/** A stream that a test speaks through. */
class Stream extends EventTarget {
  static readonly CLOSED = 2;
  static all: Stream[] = [];
  readyState = 1;
  onerror?: () => void;
  constructor(readonly url: string) {
    super();
    Stream.all.push(this);
  }
  close() {
    this.readyState = 2;
  }
  says(name: string, data: object = {}, lastEventId = '') {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data), lastEventId }));
  }
  refused() {
    this.readyState = 2;
    this.onerror?.();
  }
}

let client: QueryClient;
let asked: unknown[];

beforeEach(() => {
  vi.useFakeTimers();
  Stream.all = [];
  vi.stubGlobal('EventSource', Stream);
  client = new QueryClient();
  asked = [];
  vi.spyOn(client, 'invalidateQueries').mockImplementation(async (filters) => {
    asked.push(filters?.queryKey ?? 'everything');
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const here = () => Stream.all.at(-1) as Stream;

test('a crowd of changes is asked for once', () => {
  const stop = listen(client, '7');
  expect(here().url).toBe('/api/v1/events?after=7');
  for (const id of ['b1', 'b2', 'b1']) here().says('record', { form: 'book', id, version: 2, kind: 'changed' });
  expect(asked).toEqual([]);
  vi.advanceTimersByTime(600);
  expect(asked).toEqual([
    ['records', 'book'],
    ['pools', 'book'],
    ['record', 'book', 'b1'],
    ['history', 'book', 'b1'],
    ['record', 'book', 'b2'],
    ['history', 'book', 'b2'],
    ['aggregate'],
  ]);
  stop();
  expect(here().readyState).toBe(2);
});

test('what this window has done itself is not asked for again', () => {
  client.setQueryData(['record', 'book', 'b1'], { version: 3 });
  listen(client, '7');
  here().says('record', { form: 'book', id: 'b1', version: 3, kind: 'changed' });
  vi.advanceTimersByTime(600);
  expect(asked).toEqual([]);
  here().says('record', { form: 'book', id: 'b1', version: 4, kind: 'changed' });
  vi.advanceTimersByTime(600);
  expect(asked).toContainEqual(['records', 'book']);
});

test('work that has come on is asked for soon and once, and its rows are not', () => {
  const stop = listen(client, '7');
  for (const id of ['j1', 'j2', 'j1']) here().says('job', { id });
  expect(asked).toEqual([]);
  vi.advanceTimersByTime(120);
  expect(asked).toEqual([['job', 'j1'], ['job', 'j2'], ['jobs']]);
  expect(client.invalidateQueries).toHaveBeenCalledWith({ queryKey: ['job', 'j1'], exact: true });
  here().says('job', { id: 'j1' });
  stop();
  vi.advanceTimersByTime(1_000);
  expect(asked).toHaveLength(3);
});

test('the inbox and what mentions its reader are asked for when they have changed, and everything when something was missed', () => {
  listen(client, '7');
  here().says('inbox');
  here().says('reset');
  expect(asked).toEqual([['notifications'], ['mentions'], 'everything']);
});

test('a window that was replaced goes on where it was when somebody looks at it, and a refusal is tried again later', () => {
  const stop = listen(client, '7');
  here().says('inbox', {}, '8');
  here().says('replaced', {}, '9');
  expect(Stream.all).toHaveLength(1);
  document.dispatchEvent(new Event('visibilitychange'));
  expect(Stream.all).toHaveLength(2);
  expect(here().url).toBe('/api/v1/events?after=9');
  here().refused();
  vi.advanceTimersByTime(30_000);
  expect(Stream.all).toHaveLength(3);
  stop();
  vi.advanceTimersByTime(60_000);
  expect(Stream.all).toHaveLength(3);
});

// A server for tests of pages: what it is asked is kept, and what it answers is said by the test.
import { vi } from 'vitest';
import type { RecordView, Values } from '../api';

export interface Asked {
  method: string;
  /** The path without /api/v1. */
  path: string;
  search: URLSearchParams;
  body: unknown;
  /** The version that a change is made to. */
  version?: string;
}

type Answer = unknown | Response | Promise<unknown>;

/** Answers every question by the first that knows it. What nobody knows is a fault of the test. */
export function serve(...answers: ((asked: Asked) => Answer | undefined)[]): Asked[] {
  const all: Asked[] = [];
  vi.stubGlobal('fetch', async (address: string, init: RequestInit = {}) => {
    const url = new URL(address, 'http://host');
    const asked: Asked = {
      method: init.method ?? 'GET',
      path: url.pathname.replace('/api/v1', ''),
      search: url.searchParams,
      body: JSON.parse(String(init.body ?? 'null')),
      version: new Headers(init.headers).get('If-Match') ?? undefined,
    };
    all.push(asked);
    for (const answer of answers) {
      const said = answer(asked);
      if (said === undefined) continue;
      const body = await said;
      return body instanceof Response ? body : Response.json(body);
    }
    throw new Error(`nobody answers ${asked.method} ${asked.path}`);
  });
  return all;
}

/** A problem as the server tells of it. */
export const problem = (status: number, more: object = {}) =>
  Response.json({ status, title: `fault ${status}`, detail: '', code: 'x', ...more }, { status });

/** Changes that are answered when the test says so, one after the other. */
export function held() {
  const waiting: ((answer: Answer) => void)[] = [];
  return {
    answer: ({ method }: Asked) =>
      method === 'PATCH' || method === 'POST' ? new Promise<unknown>((resolve) => waiting.push(resolve)) : undefined,
    /** How many wait to be answered. */
    get count() {
      return waiting.length;
    },
    release: (answer: Answer) => waiting.shift()?.(answer),
  };
}

const who = { id: 'u1', title: '金' };

export const recordOf = (id: string, values: Values, more: Partial<RecordView> = {}): RecordView => ({
  id,
  form: 'book',
  version: 1,
  values,
  createdAt: '2026-03-02T01:00:00Z',
  createdBy: who,
  updatedAt: '2026-03-02T01:00:00Z',
  updatedBy: who,
  rights: { update: true, delete: true, actions: [] },
  ...more,
});

// Everything that can be pressed, on every page of every role, in both sizes: make soak.
import { expect, test } from 'vitest';
import { kinds } from './api';
import { round } from './crawl/pages';
import type { Size } from './walk';

const users = ['sales', 'manager', 'director', 'finance', 'marketing', 'admin'];
const rounds = users.flatMap((user) => (['desk', 'phone'] as Size[]).map((size) => [user, size] as const));

test.each(rounds)('everything that %s can press, %s', async (user, size) => {
  expect(await round({ user, size, each: true })).toEqual([]);
});

test.each(['desk', 'phone'] as const)('everything on a form of every kind, %s', async (size) => {
  expect(await round({ user: 'keeper', size, of: kinds, each: true })).toEqual([]);
});

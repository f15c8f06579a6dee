// Everything that can be pressed, once, by the first of the roles that sees it, on every page and in both sizes: make
// crawl. What was found stands in .tmp/crawl, page by page.
import { expect, test } from 'vitest';
import { kinds } from './api';
import { round } from './crawl/pages';
import { Report } from './crawl/report';
import type { Size } from './walk';

const users = ['sales', 'manager', 'director', 'finance', 'marketing', 'admin'];
const rounds = (['desk', 'phone'] as Size[]).flatMap((size) => users.map((user) => [user, size] as const));

test.each(rounds)('everything that %s can press, %s', async (user, size) => {
  expect(await round({ user, size, report: Report.of(`demo-${size}`, users) })).toEqual([]);
});

const keepers = ['keeper'];
test.each(['desk', 'phone'] as const)('everything on a form of every kind, %s', async (size) => {
  expect(await round({ user: 'keeper', size, of: kinds, report: Report.of(`kinds-${size}`, keepers) })).toEqual([]);
});

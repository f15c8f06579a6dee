import { defineConfig } from 'vitest/config';

// The budgets of run time, measured in a real browser against one large company: make web-budgets. One file after
// the other, so that none slows down another.
export default defineConfig({
  test: {
    environment: 'node',
    include: ['budgets/**/*.budget.ts'],
    globalSetup: ['budgets/company.ts'],
    setupFiles: ['journeys/setup.ts'],
    testTimeout: 900_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    fileParallelism: false,
  },
});

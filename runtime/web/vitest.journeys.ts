import { defineConfig } from 'vitest/config';

// Journeys walk through the pages in a real browser, against one server with the demo company for all of them.
export default defineConfig({
  test: {
    environment: 'node',
    include: ['journeys/**/*.journey.ts'],
    globalSetup: ['journeys/server.ts'],
    setupFiles: ['journeys/setup.ts'],
    // A walk waits for what it wants to see, never for a time; this only ends one that will never see it.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // What the walks import, and the browser, are there once for each worker, not for each file.
    isolate: false,
  },
});

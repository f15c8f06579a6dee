import { defineConfig } from 'vitest/config';

// What takes too long for every change: everything that can be pressed, and the walks through every
// page and form. make soak.
export default defineConfig({
  test: {
    environment: 'node',
    include: ['journeys/**/*.soak.ts', 'journeys/wide/**/*.journey.ts'],
    globalSetup: ['journeys/server.ts'],
    setupFiles: ['journeys/setup.ts'],
    testTimeout: 5_400_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});

import { defineConfig } from 'vitest/config';

// Pictures are taken as journeys are walked, but judged by eyes alone: make screenshots.
export default defineConfig({
  test: {
    environment: 'node',
    include: ['journeys/**/*.pictures.ts'],
    globalSetup: ['journeys/server.ts'],
    setupFiles: ['journeys/setup.ts'],
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
});

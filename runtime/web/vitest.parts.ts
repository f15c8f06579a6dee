import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import app from './vite.config.ts';

const src = join(import.meta.dirname, 'src');
const parts = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /\.test\.tsx?$/.test(name));
/** Whoever puts something else in a module's place must have the module to themselves. */
const isAlone = (part: string) => readFileSync(join(src, part), 'utf8').includes('vi.mock(');
const named = (some: string[]) => some.map((part) => `src/${part}`);

const common = {
  environment: 'jsdom',
  setupFiles: ['src/test/setup.ts'],
  testTimeout: 20_000,
};

// The parts of the app, in a made-up browser. What all of them import is read once for each worker, not for each part:
// that would take most of the time.
export default defineConfig({
  ...app,
  test: {
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { ...common, name: 'together', isolate: false, include: named(parts.filter((one) => !isAlone(one))) },
      },
      { extends: true, test: { ...common, name: 'alone', include: named(parts.filter(isAlone)) } },
    ],
  },
});

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// What `vite` forwards the API to while developing: a server begun with `make run`.
const api = process.env.TIDEWATER_API ?? 'http://127.0.0.1:8080';

/**
 * Which modules share a file. Left alone, each that two pages have in common would have one of its own, and a list be a
 * hundred requests, six at a time. What the first page needs is two files, one of which changes with the libraries alone.
 */
const groups = [
  { name: 'libraries', tags: ['$initial' as const], test: /node_modules/, priority: 3 },
  { name: 'frame', tags: ['$initial' as const], priority: 2 },
  // By the pages that need them; bytes below which those of similar pages are put together.
  { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 5_000, priority: 1 },
];

export default defineConfig({
  plugins: [react()],
  // The server puts a fresh nonce in its place on each answer; see embed.go.
  html: { cspNonce: '__NONCE__' },
  resolve: {
    dedupe: ['react', 'react-dom', 'antd', '@tanstack/react-query', 'i18next', 'react-i18next', 'dayjs'],
  },
  build: {
    outDir: 'built/app',
    target: 'es2022',
    sourcemap: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    // All styles are as large as a small picture: sixteen files of them would cost more than one.
    cssCodeSplit: false,
    // Which file needs which: scripts/compress.mjs reads it, and takes it away.
    manifest: 'graph.json',
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: api, changeOrigin: false } },
  },
});

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// What `vite` forwards the API to while developing: a server begun with `make run`.
const api = process.env.TIDEWATER_API ?? 'http://127.0.0.1:8080';

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
    rollupOptions: { output: { entryFileNames: 'assets/[name]-[hash].js' } },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: api, changeOrigin: false } },
  },
});

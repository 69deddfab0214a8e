// How the client is built into the Python package: the messenger, the script of the
// server-rendered pages, and the service worker.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { compress } from './build/compress.ts';
import { emojiData } from './build/emoji.ts';
import { pdfFiles } from './build/pdf-files.ts';
import { precache } from './build/precache.ts';
import { referencePage } from './build/reference-page.ts';

const server = process.env['ECHOSPHERE_SERVER'] ?? 'http://127.0.0.1:5000';
const proxied = { target: server, changeOrigin: true, headers: { origin: server } };

/**
 * What both entries share: without a place of its own, what fetches chunks would be in the messenger,
 * and every page would run that.
 *
 * Svelte's constants are among it for V8's sake: one of them is an error, and for the stack of an
 * error that is made while a file begins, V8 reads the whole file once more, as a task of the page.
 * For all of the messenger that is a tenth of a second on a slow phone.
 */
const everyPage =
  /\/ui\/(?:composition|theme\/colour-mode|copy)\.ts$|vite\/preload-helper|\/svelte\/src\/internal\/client\/constants\.js$/;

export default defineConfig(({ command }) => ({
  plugins: [
    svelte(),
    emojiData(),
    pdfFiles(),
    precache('/static/client/'),
    referencePage(),
    compress(),
  ],
  base: command === 'build' ? '/static/client/' : '/',
  css: {
    preprocessorOptions: {
      scss: {
        quietDeps: true,
        // Bootstrap 5.3 is still written with @import and the older colour functions.
        silenceDeprecations: ['import', 'global-builtin', 'color-functions', 'if-function'],
      },
    },
  },
  build: {
    outDir: '../src/echosphere/web/static/client',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // Inlined fonts and scripts would need a wider content security policy.
    assetsInlineLimit: 0,
    // The reader of PDFs, which is fetched when the first one is opened.
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      input: {
        messenger: 'src/messenger.ts',
        pages: 'src/pages.ts',
        sw: 'src/worker/service-worker.ts',
      },
      output: {
        // The worker is known by its address, which therefore never changes.
        entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        // Each with all that it imports: many small files cost a phone more than their bytes.
        codeSplitting: {
          groups: [
            { name: 'every-page', test: everyPage, priority: 3 },
            { name: 'messenger', test: /\/src\/messenger\.ts$/, priority: 2 },
            { name: 'conversation', test: /\/Conversation\.svelte$/, priority: 1 },
          ],
        },
      },
      checks: { pluginTimings: false },
    },
  },
  server: {
    port: 5170,
    strictPort: true,
    proxy: {
      '/api': proxied,
      '/login': proxied,
      '/register': proxied,
      '/static': proxied,
      '/socket.io': { ...proxied, ws: true },
    },
  },
  test: { environment: 'node', include: ['tests/**/*.test.ts'] },
}));

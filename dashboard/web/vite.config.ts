import { fileURLToPath } from 'node:url'
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { precompressPlugin } from './build/precompress-plugin.ts'
import { preloadPlugin } from './build/preload-plugin.ts'
import { regionPlugin } from './build/region-plugin.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const api = process.env['API_URL'] ?? 'http://127.0.0.1:8080'

/**
 * The page runs under `default-src 'self'` without any `unsafe-*`: so nothing is inlined, neither small files as data URLs
 * nor the module preload helper.
 */
export default defineConfig({
  root: here,
  plugins: [
    svelte({ configFile: false, preprocess: vitePreprocess({ script: false }) }),
    regionPlugin(),
    preloadPlugin([
      'runtime',
      'serialization',
      'volume-columns',
      'explore-columns',
      'queue-index',
      'entity-events',
    ]),
    precompressPlugin(),
  ],
  build: {
    outDir: `${here}dist`,
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    // vega and vega-lite load after the first paint; their size is known and in the README.
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { '/api': api, '/login': api, '/health': api } },
})

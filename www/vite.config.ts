// Two builds out of one source tree:
//   --mode plugin   dist/plugin/  what a host page embeds: two entries with fixed names, everything else hashed and lazy
//   --mode pages    dist/pages/   the demo host pages, which load the plugin at runtime as any host would
import { fileURLToPath } from 'node:url';
import { defineConfig, type UserConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** No Vite "library mode": it would inline the Wasm as base64, and the page would pay for it before the first click. */
const plugin: UserConfig = {
  build: {
    outDir: here('dist/plugin'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: [here('src/public/blikk-calendar-sync.ts'), here('src/public/blikk-auto-sync.ts')],
      preserveEntrySignatures: 'strict',
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
        assetFileNames: '[name]-[hash][extname]',
      },
    },
  },
  worker: {
    format: 'es',
    rolldownOptions: { output: { entryFileNames: 'worker-[hash].js', assetFileNames: '[name]-[hash][extname]' } },
  },
};

const pages: UserConfig = {
  root: here('pages'),
  build: {
    outDir: here('dist/pages'),
    emptyOutDir: true,
    rolldownOptions: {
      input: { index: here('pages/index.html'), admin: here('pages/admin.html'), try: here('pages/try.html') },
    },
  },
  worker: { format: 'es' },
};

export default defineConfig(({ mode }) => ({
  // Relative addresses: the bundle works under whatever path the gateway serves it.
  base: './',
  publicDir: false,
  ...(mode === 'pages' ? pages : plugin),
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    ...(mode === 'pages' ? pages.build : plugin.build),
  },
}));

/** Builds the desk into web/dist. The server replaces `__CSP_NONCE__` in index.html for every response. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { words } from './words-plugin.ts'

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react(), words(import.meta.dirname)],
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // Nothing inlined as data: addresses: the policy allows fonts and scripts from this origin only.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // What the queue needs comes in one file: a hundred small ones are compressed worse, and asked for one by one.
        codeSplitting: { groups: [{ name: 'desk', tags: ['$initial'] }] },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
})

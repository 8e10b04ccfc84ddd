import type { Capabilities } from '#channel/capabilities.ts'

/** A file answers nobody. https://www.rfc-editor.org/rfc/rfc4180, read 2026-11-25 */
export const capabilities: Capabilities = {
  surfaces: {},
  concurrency: 1,
  rate: { calls: 1, intervalMs: 1000 },
  idempotentSend: false,
  timeoutMs: { call: 8000, upload: 8000 },
}

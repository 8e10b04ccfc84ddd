import type { Capabilities } from '#channel/capabilities.ts'

/** Nothing can be answered through a feed. https://www.rssboard.org/rss-specification, as known on 2026-11-25 */
export const capabilities: Capabilities = {
  surfaces: {},
  concurrency: 1,
  rate: { calls: 1, intervalMs: 1000 },
  idempotentSend: false,
  timeoutMs: { call: 8000, upload: 8000 },
}

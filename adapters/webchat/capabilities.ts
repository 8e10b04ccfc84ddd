import type { Capabilities } from '#channel/capabilities.ts'

const megabyte = 1_048_576

/** Our own: what the widget shows well. The types are those every browser draws or plays. */
export const capabilities: Capabilities = {
  surfaces: {
    direct: {
      text: { max: 4000, unit: 'code-points', whenTooLong: 'split' },
      media: {
        photo: {
          maxBytes: 10 * megabyte,
          maxPerReply: 5,
          mimeTypes: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
        },
        video: { maxBytes: 50 * megabyte, maxPerReply: 1, mimeTypes: ['video/mp4', 'video/webm'] },
        voice: { maxBytes: 10 * megabyte, maxPerReply: 1, mimeTypes: ['audio/ogg', 'audio/mpeg', 'audio/mp4'] },
        audio: { maxBytes: 20 * megabyte, maxPerReply: 1, mimeTypes: ['audio/mpeg', 'audio/mp4', 'audio/ogg'] },
        document: { maxBytes: 50 * megabyte, maxPerReply: 5, mimeTypes: null },
      },
      caption: { max: 4000, unit: 'code-points', whenTooLong: 'reject' },
      windows: [],
      edit: null,
      remove: null,
      typing: true,
      cost: null,
      undoMs: 3000,
    },
  },
  // Nothing is called: a send is a line that is stored.
  concurrency: 20,
  rate: { calls: 500, intervalMs: 1000 },
  idempotentSend: true,
  timeoutMs: { call: 5000, upload: 10_000 },
}

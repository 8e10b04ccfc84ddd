/** What can be sent through `kf/send_msg`. */
import type { Capabilities } from '#channel/capabilities.ts'

const mebibyte = 1024 * 1024

export const capabilities: Capabilities = {
  surfaces: {
    direct: {
      // "content, at most 2048 bytes": https://developer.work.weixin.qq.com/document/path/94677, as known on 2026-11-24 (bytes: unverified)
      text: { max: 2048, unit: 'utf8-bytes', whenTooLong: 'split' },
      media: {
        // "10MB, JPG and PNG": https://developer.work.weixin.qq.com/document/path/90253, as known on 2026-11-24
        photo: { maxBytes: 10 * mebibyte, maxPerReply: 1, mimeTypes: ['image/jpeg', 'image/png'] },
        // "2MB, at most 60 s, AMR": https://developer.work.weixin.qq.com/document/path/90253, as known on 2026-11-24
        voice: { maxBytes: 2 * mebibyte, maxPerReply: 1, mimeTypes: ['audio/amr'] },
        // "10MB, MP4": https://developer.work.weixin.qq.com/document/path/90253, as known on 2026-11-24
        video: { maxBytes: 10 * mebibyte, maxPerReply: 1, mimeTypes: ['video/mp4'] },
        // "20MB": https://developer.work.weixin.qq.com/document/path/90253, as known on 2026-11-24. Sound that is no AMR goes as a file.
        audio: { maxBytes: 20 * mebibyte, maxPerReply: 1, mimeTypes: null },
        document: { maxBytes: 20 * mebibyte, maxPerReply: 1, mimeTypes: null },
      },
      caption: null,
      // 5 in the 48 hours after a message of the customer: https://developer.work.weixin.qq.com/document/path/94677, as known on 2026-11-24
      windows: [{ openedBy: 'message', lengthMs: 48 * 3_600_000, replies: 5 }],
      edit: null,
      remove: null,
      typing: false,
      cost: null,
      undoMs: 3000,
    },
  },
  concurrency: 10,
  // A limit a minute that is told nowhere (45009, 45033): far below what others use.
  rate: { calls: 10, intervalMs: 1000 },
  // Every attempt has the same `msgid`, but nowhere is it promised that a second one is dropped (README, assumption 1).
  idempotentSend: false,
  timeoutMs: { call: 8000, upload: 30_000 },
}

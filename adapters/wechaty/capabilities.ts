/**
 * What a personal account can send. WeChat publishes no limits for what it does not allow: these are documented assumptions (README),
 * from what others met, on the careful side. They are changed here and nowhere else.
 */
import type { Capabilities, SurfaceCapabilities } from '#channel/capabilities.ts'

const mebibyte = 1024 * 1024

const surface: Omit<SurfaceCapabilities, 'undoMs'> = {
  // Texts beyond 2,000 characters arrive cut off, without an error; 100 are kept for the mention in a room.
  // https://github.com/NousResearch/hermes-agent/issues/16411, read 2026-11-24
  text: { max: 1900, unit: 'code-points', whenTooLong: 'split' },
  media: {
    // No source for pictures: half of what is known for files.
    photo: { maxBytes: 10 * mebibyte, maxPerReply: 1, mimeTypes: ['image/jpeg', 'image/png', 'image/gif'] },
    // "Wechat web limits the video file size to 20M": https://github.com/wechaty/wechaty/pull/421, read 2026-11-24
    video: { maxBytes: 20 * mebibyte, maxPerReply: 1, mimeTypes: ['video/mp4'] },
    // "Wechat web limits the file size to 20M": https://github.com/wechaty/wechaty/pull/376, read 2026-11-24
    document: { maxBytes: 20 * mebibyte, maxPerReply: 1, mimeTypes: null },
  },
  // A picture and its text are two messages: `say` takes one thing.
  // https://github.com/wechaty/wechaty/blob/main/src/sayable/types.ts (1.20.2), read 2026-11-24
  caption: null,
  windows: [],
  edit: null,
  remove: null,
  typing: false,
  cost: null,
}

export const capabilities: Capabilities = {
  surfaces: { direct: { ...surface, undoMs: 3000 }, public: { ...surface, undoMs: 10_000 } },
  // One hand writes: two messages at once are what no person does.
  concurrency: 1,
  // "1 s is no problem, with 0.5 s errors begin": https://github.com/Urinx/WeixinBot/issues/149, read 2026-11-24; a third of that,
  // because who sends like a program is banned.
  rate: { calls: 1, intervalMs: 3000 },
  idempotentSend: false,
  timeoutMs: { call: 8000, upload: 30_000 },
}

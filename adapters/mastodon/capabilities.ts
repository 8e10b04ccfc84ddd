import type { Capabilities, MediaLimit, SurfaceCapabilities, TextLimit } from '#channel/capabilities.ts'
import { mentionReserve, warningReserve } from './compose.ts'

/**
 * 500 in all, which the mention in front and the kept content warning are part of.
 * https://docs.joinmastodon.org/user/posting/#text, read 2026-11-24
 * Servers count graphemes; code points are never fewer.
 */
export const documentedMax = 500
const text: TextLimit = {
  max: documentedMax - mentionReserve - warningReserve,
  unit: 'code-points',
  whenTooLong: 'reject',
}

// Sizes and types of `configuration.media_attachments`:
// https://docs.joinmastodon.org/methods/instance/#v2, read 2026-11-24
const image: MediaLimit = {
  maxBytes: 16_777_216,
  maxPerReply: 4, // https://docs.joinmastodon.org/user/posting/#media, read 2026-11-24
  mimeTypes: ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/heic', 'image/avif'],
}
const film: MediaLimit = {
  maxBytes: 103_809_024,
  maxPerReply: 1, // https://docs.joinmastodon.org/user/posting/#media, read 2026-11-24
  mimeTypes: ['video/mp4', 'video/webm', 'video/quicktime'],
}
const sound: MediaLimit = {
  maxBytes: 103_809_024,
  maxPerReply: 1,
  mimeTypes: ['audio/mpeg', 'audio/ogg', 'audio/wav', 'audio/flac', 'audio/aac', 'audio/mp4', 'audio/x-m4a'],
}

const surface: SurfaceCapabilities = {
  text,
  media: { photo: image, video: film, audio: sound, voice: sound },
  caption: text,
  windows: [],
  edit: null,
  remove: null,
  typing: false,
  cost: null,
  undoMs: 10_000,
}

export const capabilities: Capabilities = {
  surfaces: {
    public: surface,
    // Nobody else sees that a long answer came in parts.
    direct: { ...surface, text: { ...text, whenTooLong: 'split' }, undoMs: 3_000 },
  },
  concurrency: 4,
  // 300 calls in 5 minutes: https://docs.joinmastodon.org/api/rate-limits/, read 2026-11-24
  // A reply costs two, and polling needs its share.
  rate: { calls: 100, intervalMs: 300_000 },
  // `Idempotency-Key`, for an hour: https://docs.joinmastodon.org/methods/statuses/#create, read 2026-11-24
  idempotentSend: true,
  timeoutMs: { call: 8_000, upload: 30_000 },
}

/** What a bot can send. https://core.telegram.org/bots/api (Bot API 10.1), read 2026-11-22 */
import type { Capabilities, SurfaceCapabilities } from '#channel/capabilities.ts'

const mebibyte = 1024 * 1024

const surface: Omit<SurfaceCapabilities, 'undoMs'> = {
  // "1-4096 characters after entities parsing"; entities count UTF-16 units, and so do we, to be on the safe side.
  // https://core.telegram.org/bots/api#sendmessage, read 2026-11-22
  text: { max: 4096, unit: 'utf16', whenTooLong: 'split' },
  media: {
    // "The photo must be at most 10 MB in size." A GIF goes as an animation.
    // https://core.telegram.org/bots/api#sendphoto, read 2026-11-22
    photo: {
      maxBytes: 10 * mebibyte,
      maxPerReply: 1,
      mimeTypes: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
    },
    // "Telegram clients support MPEG4 videos (other formats may be sent as Document)"
    // https://core.telegram.org/bots/api#sendvideo, read 2026-11-22
    video: { maxBytes: 50 * mebibyte, maxPerReply: 1, mimeTypes: ['video/mp4'] },
    // "an .OGG file encoded with OPUS, or in .MP3 format, or in .M4A format"
    // https://core.telegram.org/bots/api#sendvoice, read 2026-11-22
    voice: {
      maxBytes: 50 * mebibyte,
      maxPerReply: 1,
      mimeTypes: ['audio/ogg', 'audio/opus', 'audio/mpeg', 'audio/mp4', 'audio/x-m4a'],
    },
    // "in the .MP3 or .M4A format": https://core.telegram.org/bots/api#sendaudio, read 2026-11-22
    audio: { maxBytes: 50 * mebibyte, maxPerReply: 1, mimeTypes: ['audio/mpeg', 'audio/mp4', 'audio/x-m4a'] },
    // "files of any type of up to 50 MB": https://core.telegram.org/bots/api#senddocument, read 2026-11-22
    document: { maxBytes: 50 * mebibyte, maxPerReply: 1, mimeTypes: null },
  },
  // "0-1024 characters after entities parsing": https://core.telegram.org/bots/api#sendphoto, read 2026-11-22
  caption: { max: 1024, unit: 'utf16', whenTooLong: 'split' },
  windows: [],
  // No limit is given for a bot's own messages: https://core.telegram.org/bots/api#editmessagetext, read 2026-11-22
  edit: { maxAgeMs: null },
  // "only be deleted if it was sent less than 48 hours ago"
  // https://core.telegram.org/bots/api#deletemessage, read 2026-11-22
  remove: { maxAgeMs: 48 * 3_600_000 },
  typing: true,
  cost: null,
}

export const capabilities: Capabilities = {
  surfaces: { direct: { ...surface, undoMs: 3000 }, public: { ...surface, undoMs: 10_000 } },
  concurrency: 20,
  // "not allow bulk notifications to more than ~30 users per second"; one a second in one chat, 20 a minute in a
  // group, are for Telegram to count: bursts are allowed. https://core.telegram.org/bots/faq, read 2026-11-22
  rate: { calls: 25, intervalMs: 1000 },
  // No method takes an id from the caller: tdlib/telegram-bot-api#482, read 2026-11-22
  idempotentSend: false,
  timeoutMs: { call: 8000, upload: 30_000 },
}

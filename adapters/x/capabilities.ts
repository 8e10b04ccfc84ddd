/** What an account can send. Each limit with its page. */
import type { Capabilities } from '#channel/capabilities.ts'

const megabyte = 1024 * 1024
const pictures = ['image/jpeg', 'image/png', 'image/webp', 'image/gif']

/** "image 5 MB": https://docs.x.com/x-api/media/quickstart/best-practices, read 2026-11-24 */
const photoBytes = 5 * megabyte
/**
 * X takes 512 MB (https://docs.x.com/x-api/media/quickstart/best-practices, read 2026-11-24); the 30 s a call with
 * files may take are enough for this much.
 */
const videoBytes = 50 * megabyte

export const capabilities: Capabilities = {
  surfaces: {
    public: {
      // "280 characters", weighted: https://docs.x.com/fundamentals/counting-characters, read 2026-11-24
      // Names at the head of an answer are not counted by X. Here they are: nobody has to type them, X adds them.
      text: { max: 280, unit: 'x-weighted', whenTooLong: 'reject' },
      media: {
        // "4 photos, 1 GIF or 1 video": https://docs.x.com/x-api/posts/create-post, read 2026-11-24
        photo: { maxBytes: photoBytes, maxPerReply: 4, mimeTypes: pictures },
        video: { maxBytes: videoBytes, maxPerReply: 1, mimeTypes: ['video/mp4'] },
      },
      caption: { max: 280, unit: 'x-weighted', whenTooLong: 'reject' },
      // No time is given; what decides is the summons, on each message: https://docs.x.com/changelog, read 2026-11-24
      windows: [],
      edit: null,
      remove: null,
      typing: false,
      // "summoned reply $0.010", "post with a URL $0.20": https://docs.x.com/x-api/getting-started/pricing, read 2026-11-24
      cost: { perReply: 0.01, withLink: 0.2, currency: 'USD' },
      undoMs: 10_000,
    },
    direct: {
      // 10,000 characters, by the app; the API's page gives no figure.
      // https://docs.x.com/x-api/direct-messages/manage/introduction, read 2026-11-24
      text: { max: 10_000, unit: 'utf16', whenTooLong: 'split' },
      media: {
        // "one attachment": https://docs.x.com/x-api/direct-messages/manage/integrate, read 2026-11-24
        photo: { maxBytes: photoBytes, maxPerReply: 1, mimeTypes: pictures },
        video: { maxBytes: videoBytes, maxPerReply: 1, mimeTypes: ['video/mp4'] },
      },
      caption: { max: 10_000, unit: 'utf16', whenTooLong: 'split' },
      windows: [],
      edit: null,
      remove: null,
      typing: false,
      // "DM create $0.015": https://docs.x.com/x-api/getting-started/pricing, read 2026-11-24
      cost: { perReply: 0.015, withLink: 0.015, currency: 'USD' },
      undoMs: 3000,
    },
  },
  concurrency: 5,
  // 100 posts in 15 minutes, 15 messages in 15 minutes: bursts are allowed, and X's own headers say when to wait.
  // https://docs.x.com/fundamentals/rate-limits, read 2026-11-24
  rate: { calls: 5, intervalMs: 1000 },
  // Nothing in a request names it; the same text twice is refused, which is used after a doubt.
  // https://docs.x.com/x-api/posts/create-post, read 2026-11-24
  idempotentSend: false,
  timeoutMs: { call: 8000, upload: 30_000 },
}

/** What reading costs, in the same currency. https://docs.x.com/x-api/getting-started/pricing, read 2026-11-24 */
export const readCost = {
  /** "Owned Reads": mentions and posts of the app's own account. */
  post: 0.001,
  message: 0.01,
  user: 0.01,
} as const

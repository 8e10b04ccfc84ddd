/** What can be answered on Weibo, and how. */
import type { Capabilities } from '#channel/capabilities.ts'

const hourMs = 3_600_000

export const capabilities: Capabilities = {
  surfaces: {
    direct: {
      // "data … 300 个汉字": https://open.weibo.com/wiki/C/2/messages/reply/biz, read 2026-11-24
      text: { max: 300, unit: 'weibo-chars', whenTooLong: 'split' },
      // Text, articles and positions can be sent; pictures cannot.
      // https://open.weibo.com/wiki/2/messages/reply, read 2026-11-24
      media: {},
      caption: null,
      // 48 hours after a message, a follow, a menu or a scan, without a count; one answer after being mentioned.
      // https://open.weibo.com/wiki/粉丝服务平台, read 2026-11-24
      windows: [
        { openedBy: 'message', lengthMs: 48 * hourMs, replies: null },
        {
          openedBy: { opened: ['follow', 'scan', 'scan_follow', 'click', 'view'] },
          lengthMs: 48 * hourMs,
          replies: null,
        },
        { openedBy: { opened: ['mention'] }, lengthMs: 48 * hourMs, replies: 1 },
      ],
      edit: null,
      remove: null,
      typing: false,
      cost: null,
      undoMs: 3000,
    },
    public: {
      // "评论内容，必须做URLencode，内容不超过140个汉字". In one comment: several are taken for a flood.
      // https://open.weibo.com/wiki/2/comments/reply, read 2026-11-24
      text: { max: 140, unit: 'weibo-chars', whenTooLong: 'reject' },
      media: {},
      caption: null,
      windows: [],
      edit: null,
      remove: null,
      typing: false,
      cost: null,
      undoMs: 10_000,
    },
  },
  concurrency: 3,
  // Comments are limited to about 30 an hour, private messages are not: Weibo counts them itself (20016, 10024), and what it
  // says is obeyed. https://open.weibo.com/wiki/Rate-limiting, read 2026-11-24
  rate: { calls: 2, intervalMs: 1000 },
  // No interface takes an id from the caller: https://open.weibo.com/wiki/2/comments/create, read 2026-11-24
  idempotentSend: false,
  timeoutMs: { call: 8000, upload: 8000 },
}

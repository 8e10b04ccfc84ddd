/** What a certified official account can send through the customer-service API. */
import type { Capabilities } from '#channel/capabilities.ts'

const mebibyte = 1024 * 1024
const minute = 60_000

/** "2M, at most 60 s, AMR or MP3": https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia, read 2026-11-24 */
const recording = { maxBytes: 2 * mebibyte, maxPerReply: 1 }

export const capabilities: Capabilities = {
  surfaces: {
    direct: {
      // Given nowhere; 45002 beyond 2048 bytes: https://github.com/BytePioneer-AI/openclaw-china/issues/203, read 2026-11-24
      text: { max: 2048, unit: 'utf8-bytes', whenTooLong: 'split' },
      media: {
        // "10M, PNG, JPEG, JPG, GIF" in one place of the page, "2MB" in another: the larger, because WeChat's refusal is certain.
        // https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia, read 2026-11-24
        photo: { maxBytes: 10 * mebibyte, maxPerReply: 1, mimeTypes: ['image/jpeg', 'image/png', 'image/gif'] },
        voice: { ...recording, mimeTypes: ['audio/amr', 'audio/mpeg'] },
        audio: { ...recording, mimeTypes: ['audio/mpeg', 'audio/amr'] },
        // "10MB, MP4": https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia, read 2026-11-24
        video: { maxBytes: 10 * mebibyte, maxPerReply: 1, mimeTypes: ['video/mp4'] },
      },
      caption: null,
      // A message: 5 in 48 hours. A click in the menu, a follow, a scan: 3 in 1 minute. Each message counts anew.
      // https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage, read 2026-11-24
      windows: [
        { openedBy: 'message', lengthMs: 48 * 60 * minute, replies: 5 },
        { openedBy: { opened: ['subscribe', 'scan', 'click'] }, lengthMs: minute, replies: 3 },
      ],
      edit: null,
      remove: null,
      // https://developers.weixin.qq.com/doc/service/api/customer/message/api_typing, read 2026-11-24
      typing: true,
      cost: null,
      undoMs: 3000,
    },
  },
  concurrency: 10,
  // 500,000 a day and a limit a minute that is not told (45011); five people a second is more than any desk writes.
  rate: { calls: 20, intervalMs: 1000 },
  // `custom/send` takes no id of ours: https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage, read 2026-11-24
  idempotentSend: false,
  timeoutMs: { call: 8000, upload: 30_000 },
}

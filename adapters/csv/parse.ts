/** A row that was read → the message it is. Pure. */
import { createHash } from 'node:crypto'
import type { InboundEvent } from '#channel/events.ts'
import { Payload } from './types.ts'

/** Anything but a row is one `unread` event. */
export function parse(raw: unknown): readonly InboundEvent[] {
  const row = Payload.safeParse(raw)
  if (row.success) return [messageOf(row.data, raw)]
  const digest = createHash('sha256')
    .update(JSON.stringify(raw ?? null))
    .digest('hex')
  return [{ type: 'unread', externalId: `row:${digest}`, reason: 'no row of a table', raw }]
}

export function messageOf(row: Payload, raw: unknown = row): Extract<InboundEvent, { type: 'message' }> {
  const root = row.postId ?? row.url ?? row.externalId
  return {
    type: 'message',
    message: {
      externalId: row.externalId,
      sequence: null,
      threadId: short(`${root}/${row.authorId}`),
      rootId: short(root),
      parentId: null,
      surface: 'public',
      author: { externalId: row.authorId, name: row.author, handle: null, avatarUrl: null, followers: null },
      text: row.text,
      context: row.postTitle === null ? null : { text: row.postTitle, author: row.platform },
      media: [],
      location: null,
      url: row.url,
      sentAt: new Date(row.sentAt),
      replyable: { allowed: false, reason: readOnly(row.platform) },
      groupKey: null,
      raw,
    },
  }
}

export const readOnly = (platform: string) => ({
  en: `This came from a file of ${platform}. Open the post and answer there.`,
  zh: `此内容来自${platform}的导出文件，请打开原帖并在那里回复。`,
})

/** Addresses have no greatest length, keys in an index do. */
export const short = (id: string) => (id.length <= 200 ? id : `sha256:${createHash('sha256').update(id).digest('hex')}`)

/** WeChat's push → what it tells us. Pure: the same push gives the same events. */
import { createHash } from 'node:crypto'
import type { Author, InboundEvent, InboundMessage } from '#channel/events.ts'
import { sequenceOf } from '#channel/events.ts'
import { contentOf } from './content.ts'
import { eventOf } from './push-events.ts'
import { Push } from './types.ts'

export function parse(raw: unknown): readonly InboundEvent[] {
  const read = Push.safeParse(raw)
  if (!read.success) {
    // Where and what, never the value.
    const issue = read.error.issues[0]
    const reason = issue && issue.path.length > 0 ? `no push: ${issue.path.join('.')}: ${issue.code}` : 'no push'
    return [{ type: 'unread', externalId: `body:${digest(raw)}`, reason, raw }]
  }
  const push = read.data
  const at = new Date(Number(push.CreateTime) * 1000)
  if (push.MsgType === 'event') return eventOf(push, at, raw)
  return [{ type: 'message', message: messageOf(push, at, raw) }]
}

function messageOf(push: Push, sentAt: Date, raw: unknown): InboundMessage {
  const { FromUserName: openId, MsgId } = push
  return {
    // Two people have been seen with one MsgId: binarywang/WxJava#333, read 2026-11-24
    externalId: `${openId}:${MsgId ?? `${push.CreateTime}:${digest(raw).slice(0, 16)}`}`,
    sequence: MsgId !== undefined && /^\d{1,20}$/u.test(MsgId) ? sequenceOf(MsgId) : null,
    threadId: openId,
    rootId: null,
    parentId: null,
    surface: 'direct',
    author: authorOf(openId),
    ...contentOf(push),
    context: null,
    url: null,
    sentAt,
    replyable: { allowed: true, reason: null },
    groupKey: null,
    raw,
  }
}

/** WeChat has told no name and no picture since the end of 2021: a stand-in that stays the same, and is none of an id. */
function authorOf(openId: string): Author {
  return {
    externalId: openId,
    name: `微信用户 ${openId.slice(-4)}`,
    handle: null,
    avatarUrl: null,
    followers: null,
  }
}

function digest(raw: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(raw) ?? '')
    .digest('base64url')
}

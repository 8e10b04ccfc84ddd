/** A line of `kf/sync_msg` → what it tells us. Pure: the same line gives the same events. */
import { createHash } from 'node:crypto'
import type { Author, InboundEvent, InboundMessage } from '#channel/events.ts'
import { contentOf } from './content.ts'
import { threadIdOf } from './ids.ts'
import { eventsOf } from './kf-events.ts'
import { fieldsOf, Item } from './types.ts'

const fromCustomer = 3
const fromServicer = 5

export function parse(raw: unknown): readonly InboundEvent[] {
  const read = Item.safeParse(raw)
  if (!read.success) {
    // Where and what, never the value.
    const issue = read.error.issues[0]
    const reason = issue && issue.path.length > 0 ? `no item: ${issue.path.join('.')}: ${issue.code}` : 'no item'
    return [{ type: 'unread', externalId: `body:${digest(raw)}`, reason, raw }]
  }
  const item = read.data
  const unread = (reason: string): InboundEvent[] => [{ type: 'unread', externalId: `item:${item.msgid}`, reason, raw }]
  if (item.msgtype === 'event')
    return eventsOf(item, fieldsOf(raw)) ?? unread('an event that is not known, or lacks something')
  const externalUserId = item.external_userid?.trim()
  const openKfId = item.open_kfid?.trim()
  if (!externalUserId || !openKfId) return unread('a message without its customer or service account')
  const threadId = threadIdOf({ openKfId, externalUserId })
  if (item.origin === fromCustomer)
    return [{ type: 'message', message: messageOf(item, threadId, authorOf(externalUserId), raw) }]
  if (item.origin === fromServicer) {
    const servicer = item.servicer_userid?.trim() || '接待人员'
    return [{ type: 'echo', message: messageOf(item, threadId, { ...authorOf(servicer), name: servicer }, raw) }]
  }
  // Never taken for a customer's: it might be a machine's, answering us for ever.
  return unread('a message of an origin that is not known')
}

function messageOf(item: Item, threadId: string, author: Author, raw: unknown): InboundMessage {
  return {
    externalId: item.msgid,
    sequence: null,
    threadId,
    rootId: null,
    parentId: null,
    surface: 'direct',
    author,
    ...contentOf(item.msgtype, fieldsOf(raw)),
    context: null,
    url: null,
    sentAt: new Date(item.send_time * 1000),
    replyable: { allowed: true, reason: null },
    groupKey: null,
    raw,
  }
}

/** Names come by another call, see names.ts: until then a stand-in that stays the same. */
function authorOf(id: string): Author {
  return {
    externalId: id,
    name: `微信用户 ${id.slice(-4)}`,
    isNamed: false,
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

/** What X says → what it tells us. Pure: the same payload gives the same events. */
import { createHash } from 'node:crypto'
import type { InboundEvent } from '#channel/events.ts'
import { type ReadDm, readChat, readDm, readLegacyDm } from './dm.ts'
import { dmId } from './ids.ts'
import { readPost } from './post.ts'
import { Activity, ChatMessage, DmEvent, DmPayload, Id, Includes, LegacyDm, Polled, Post } from './types.ts'

export interface ParseContext {
  /** The account's own id, where the payload does not say it; null while it is not known. */
  readonly own: string | null
  /** An Enterprise account, which may answer anybody. */
  readonly exempt: boolean
  /** Stands in where X gives no time: deletes. */
  readonly receivedAt: Date
}

interface Received extends ParseContext {
  readonly own: string
  readonly includes: Includes
  readonly raw: unknown
  /** How this event is called when it cannot be read. */
  readonly id: string
}
type Reader = (payload: unknown, received: Received) => InboundEvent[]

const readers: { readonly [type: string]: Reader } = {
  'post.create': readPosted,
  'post.mention.create': readPosted,
  'post.reply.create': readPosted,
  'post.quote.create': (payload, received) => readPosted(payload, received, true),
  'post.delete': readDeleted,
  'dm.received': readDms,
  'dm.sent': readDms,
  'dm.read': readReceipts,
  'chat.received': readEncrypted,
  'chat.sent': readEncrypted,
}

/** Known to hold no customer's words, by name or family. `oauth.revoke` is for {@link revokedIn}. */
const silent =
  /^(?:dm\.indicate_typing|oauth\.revoke|chat\.conversation_join|(?:like|follow|profile|mute|block|spaces|news|list)\.[\w.]+)$/u

export function parse(raw: unknown, context: ParseContext): InboundEvent[] {
  if (!isRecord(raw)) return [unread(digest(raw), 'no document of X', raw)]
  if ('polled' in raw) return parsePolled(raw, context)
  // What X says when a replay has ended.
  if ('replay_job_status' in raw && !('data' in raw)) return []
  const { data } = raw
  if (isRecord(data)) return parseActivity(data, raw, context)
  if (!Array.isArray(data) || data.length === 0) return [unread(digest(raw), 'no event of X', raw)]
  return data.flatMap((item) => parseActivity(item, { data: item }, context))
}

function parsePolled(raw: object, context: ParseContext): InboundEvent[] {
  const polled = Polled.safeParse(raw)
  if (!polled.success) return [unread(digest(raw), 'no polled post or message', raw)]
  const { data, user_id: own, includes } = polled.data
  const received = { ...context, own, includes: Includes.parse(includes), raw, id: digest(raw) }
  return polled.data.polled === 'post' ? readPosted(data, received) : readPolledDm(data, received)
}

function parseActivity(item: unknown, raw: unknown, context: ParseContext): InboundEvent[] {
  const read = Activity.safeParse(item)
  if (!read.success) return [unread(digest(raw), 'no event of X', raw)]
  const { event_uuid: uuid, event_type: type, filter, payload, includes } = read.data
  const id = uuid === undefined ? digest(raw) : `event:${uuid}`
  if (silent.test(type)) return []
  const reader = Object.hasOwn(readers, type) ? readers[type] : undefined
  if (!reader) return [unread(id, 'an unknown kind of event', raw)]
  const own = filter?.user_id ?? context.own
  if (own === null || own === undefined) return [unread(id, `${type}: for nobody`, raw)]
  if (context.own !== null && own !== context.own) return [unread(id, `${type}: for another account`, raw)]
  return reader(payload, { ...context, own, includes: Includes.parse(includes), raw, id })
}

function readPosted(payload: unknown, received: Received, quotesUs = false): InboundEvent[] {
  const { raw, includes, own, exempt } = received
  const post = Post.safeParse(payload)
  if (!post.success) return [unread(received.id, 'post: not readable', raw)]
  const read = readPost(post.data, includes, { own, exempt, quotesUs }, raw)
  if (!read) return []
  if (read.byUs) return [{ type: 'echo', message: read.message }]
  if (read.editedAt) return [{ type: 'edited', message: read.message, editedAt: read.editedAt }]
  return [{ type: 'message', message: read.message }]
}

function readDeleted(payload: unknown, { raw, id, receivedAt }: Received): InboundEvent[] {
  const gone = Id.safeParse(isRecord(payload) ? payload.id : null)
  if (!gone.success) return [unread(id, 'delete: not readable', raw)]
  return [{ type: 'deleted', externalId: gone.data, at: receivedAt }]
}

function readDms(payload: unknown, { raw, id, own }: Received): InboundEvent[] {
  const read = DmPayload.safeParse(payload)
  const events = read.success ? read.data.direct_message_events : []
  if (!read.success || events.length === 0) return [unread(id, 'message: not readable', raw)]
  return events.flatMap((event, index) => {
    const dm = LegacyDm.safeParse(event)
    if (dm.success) return said(readLegacyDm(dm.data, read.data.users, own, raw))
    return [unread(`${id}:${index}`, 'message: not readable', raw)]
  })
}

function readPolledDm(data: unknown, { raw, id, own, includes }: Received): InboundEvent[] {
  const event = DmEvent.safeParse(data)
  if (!event.success) return [unread(id, 'message: not readable', raw)]
  // Somebody joined or left a group.
  if (event.data.event_type !== 'MessageCreate') return []
  const read = readDm(event.data, includes, own, raw)
  return read ? said(read) : [unread(`dm:${event.data.id}`, 'message: no sender', raw)]
}

function readEncrypted(payload: unknown, { raw, id, own }: Received): InboundEvent[] {
  const chat = ChatMessage.safeParse(payload)
  return chat.success ? said(readChat(chat.data, own, raw)) : [unread(id, 'chat: not readable', raw)]
}

function readReceipts(payload: unknown, { raw, id, own }: Received): InboundEvent[] {
  const read = DmPayload.safeParse(payload)
  const marks = read.success ? read.data.direct_message_mark_read_events : []
  if (marks.length === 0) return [unread(id, 'receipt: not readable', raw)]
  return marks
    .filter(({ sender_id }) => sender_id !== own)
    .map(({ last_read_event_id, created_timestamp }) => ({
      type: 'receipt',
      externalId: dmId(last_read_event_id),
      status: 'read',
      at: new Date(Number(created_timestamp)),
    }))
}

function said({ message, byUs }: ReadDm): InboundEvent[] {
  return [{ type: byUs ? 'echo' : 'message', message }]
}

/** Whose access was revoked; null when the payload says nothing of it. */
export function revokedIn(raw: unknown): string | null {
  const data = isRecord(raw) ? raw.data : null
  for (const item of Array.isArray(data) ? data : [data]) {
    const read = Activity.safeParse(item)
    if (!read.success || read.data.event_type !== 'oauth.revoke') continue
    const id = Id.safeParse(isRecord(read.data.payload) ? read.data.payload.user_id : null)
    if (id.success) return id.data
  }
  return null
}

/** Ids of all versions in a payload's posts, of those that have more than one. */
export function versionsIn(raw: unknown): readonly (readonly string[])[] {
  const data = isRecord(raw) ? raw.data : null
  const posts =
    isRecord(raw) && 'polled' in raw
      ? [data]
      : (Array.isArray(data) ? data : [data]).map((item) => (isRecord(item) ? item.payload : null))
  return posts.flatMap((post) => {
    const read = Post.safeParse(post)
    const versions = read.success ? (read.data.edit_history_tweet_ids ?? []) : []
    return versions.length > 1 ? [versions] : []
  })
}

function unread(externalId: string, reason: string, raw: unknown): InboundEvent {
  return { type: 'unread', externalId, reason, raw }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function digest(raw: unknown): string {
  return `body:${createHash('sha256')
    .update(JSON.stringify(raw) ?? '')
    .digest('base64url')}`
}

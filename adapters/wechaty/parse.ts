/** A snapshot of one message → what it tells us. Pure: the same snapshot gives the same events. */
import { createHash } from 'node:crypto'
import { type Author, type ExternalMedia, type InboundEvent, type InboundMessage, sequenceOf } from '#channel/events.ts'
import { identityOf, threadIdOf } from './ids.ts'
import { kind, mediaKindOf, placeholder } from './kinds.ts'
import { splitQuote } from './quote.ts'
import { recalledId } from './recalled.ts'
import { type Contact, Snapshot } from './types.ts'

export function parse(raw: unknown): InboundEvent[] {
  const read = Snapshot.safeParse(raw)
  if (!read.success) return [unread(raw, read.error.issues[0]?.path.join('.') ?? '')]
  const snapshot = read.data
  const { message, talker, self } = snapshot
  if (isNobody(message.talkerId, message.roomId, talker)) return []
  const sentAt = timeOf(message.timestamp, snapshot.receivedAt)
  if (message.type === kind.Recalled) {
    const externalId = recalledId(message.text)
    if (externalId !== null) return [{ type: 'deleted', externalId, at: sentAt }]
  }
  const type = message.talkerId === self ? 'echo' : 'message'
  return [{ type, message: messageOf(snapshot, sentAt, raw) }]
}

function messageOf(snapshot: Snapshot, sentAt: Date, raw: unknown): InboundMessage {
  const { message, room } = snapshot
  const place = placeOfMessage(snapshot)
  const roomId = message.roomId || null
  return {
    externalId: message.id,
    sequence: sequenceOf(snapshot.receivedAt),
    threadId: threadIdOf({ roomId, person: identityOf(place) }),
    rootId: roomId,
    parentId: null,
    surface: roomId === null ? 'direct' : 'public',
    author: authorOf(snapshot.talker ?? bare(message.talkerId), room?.alias),
    ...saidIn(snapshot),
    url: null,
    sentAt,
    replyable: { allowed: true, reason: null },
    groupKey: null,
    raw,
  }
}

/**
 * Whose conversation it is. Our own lines belong to whom they were said to; in a room that is whoever was mentioned, if anybody:
 * otherwise it is nobody's conversation, and the core passes it over.
 */
function placeOfMessage({ message, self, talker, listener, addressee }: Snapshot): Contact {
  if (message.talkerId !== self) return talker ?? bare(message.talkerId)
  if (message.roomId)
    return addressee ?? bare(message.mentionIdList?.find((id) => id !== self && id !== '') ?? message.talkerId)
  return listener ?? bare(message.listenerId || message.talkerId)
}

function saidIn(snapshot: Snapshot): Pick<InboundMessage, 'text' | 'context' | 'media' | 'location'> {
  const { message, place } = snapshot
  const text = message.text ?? ''
  if (message.type === kind.Text && text.trim() !== '') return { ...splitQuote(text), media: [], location: null }
  const media = mediaOf(snapshot)
  // Beside a file stands WeChat's XML, or the file's name: none of it is the customer's.
  if (media) return { text: '', context: null, media: [media], location: null }
  const location = message.type === kind.Location && place && isOnEarth(place) ? locationOf(place) : null
  return { text: placeholder(snapshot), context: null, media: [], location }
}

function mediaOf({ message }: Snapshot): ExternalMedia | null {
  const mediaKind = Object.hasOwn(mediaKindOf, message.type) ? mediaKindOf[message.type] : undefined
  if (!mediaKind) return null
  return {
    kind: mediaKind,
    externalId: `file:${message.id}`,
    reference: { messageId: message.id },
    name: message.filename?.trim() || null,
    mimeType: null,
    bytes: null,
    width: null,
    height: null,
    durationMs: null,
  }
}

function locationOf(place: NonNullable<Snapshot['place']>): InboundMessage['location'] {
  const title = [place.name, place.address].find((part) => part?.trim()) ?? null
  return { latitude: place.latitude, longitude: place.longitude, title }
}

function isOnEarth({ latitude, longitude }: { latitude: number; longitude: number }): boolean {
  if (latitude === 0 && longitude === 0) return false
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
}

function authorOf(contact: Contact, roomAlias: string | null | undefined): Author {
  const name = [roomAlias, contact.name, contact.alias, contact.weixin].find((each) => each?.trim())?.trim()
  return {
    externalId: identityOf(contact),
    name: name ?? contact.id,
    ...(name === undefined ? { isNamed: false } : {}),
    handle: contact.weixin?.trim() || null,
    avatarUrl: contact.avatar && /^https:\/\/\S{1,2000}$/u.test(contact.avatar) ? contact.avatar : null,
    followers: null,
  }
}

const serviceAccounts = new Set(['weixin', 'fmessage', 'medianote', 'floatbottle', 'newsapp', 'qmessage', 'tmessage'])

/** WeChat's own voice, articles of official accounts, and what a room says of itself: nobody complains there. */
function isNobody(talkerId: string, roomId: string | null | undefined, talker: Contact | null | undefined): boolean {
  if (serviceAccounts.has(talkerId) || talkerId.startsWith('gh_') || talker?.type === 2) return true
  return talkerId === roomId
}

function timeOf(timestamp: number | null | undefined, receivedAt: number): Date {
  // As wechaty itself tells seconds from milliseconds.
  const ms = (timestamp ?? 0) < 1e11 ? (timestamp ?? 0) * 1000 : (timestamp ?? 0)
  return new Date(ms > 0 && ms <= 8.64e15 ? ms : receivedAt)
}

function bare(id: string): Contact {
  return { id, name: null, alias: null, weixin: null, avatar: null, type: null }
}

/** Where and what, never the value. */
function unread(raw: unknown, where: string): InboundEvent {
  const id = (raw as { message?: { id?: unknown } } | null)?.message?.id
  const externalId =
    typeof id === 'string' && id !== '' && id.length <= 500
      ? `message:${id}`
      : `body:${createHash('sha256')
          .update(JSON.stringify(raw) ?? '')
          .digest('base64url')}`
  return { type: 'unread', externalId, reason: where === '' ? 'no message' : `no message: ${where}`, raw }
}

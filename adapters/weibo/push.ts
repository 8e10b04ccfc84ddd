/**
 * What the fan service platform (粉丝服务平台) pushes: private messages and what people do with the account.
 * https://open.weibo.com/wiki/Receive_General_Message, https://open.weibo.com/wiki/粉丝服务平台, read 2026-11-24
 */
import { createHash } from 'node:crypto'
import type { ExternalMedia, InboundEvent, InboundMessage } from '#channel/events.ts'
import type { Reading } from './context.ts'
import { timeOf } from './person.ts'
import { field, plainText, wordOf } from './plain-text.ts'
import { placeOf } from './status.ts'
import type { Push } from './types.ts'

/**
 * `subtype`s that open the window. `scan_follow`: scanned and followed in one. Subscribing is about mass mailings and holds
 * nobody's words, so it is no event.
 */
const opening = new Set(['follow', 'scan', 'scan_follow', 'click', 'view'])
const silent = new Set(['subscribe', 'unsubscribe'])

/** Null: another account's. */
export function readPush(push: Push, raw: unknown, reading: Reading): readonly InboundEvent[] | null {
  const { sender_id: sender, receiver_id: receiver } = push
  const { own } = reading
  if (own !== null && sender !== own && receiver !== own) return null
  if (push.type === 'event') return own === sender ? [] : readEvent(push, raw, reading)
  if (push.type === 'mention') {
    // The words come with the mentions; this says that one private answer is allowed.
    return own === sender ? [] : [opened(push, 'mention', reading)]
  }
  return [{ type: own === sender ? 'echo' : 'message', message: readMessage(push, raw, reading) }]
}

function readEvent(push: Push, raw: unknown, reading: Reading): readonly InboundEvent[] {
  const subtype = wordOf(field(dataOf(push), 'subtype'))
  if (silent.has(subtype)) return []
  if (subtype === 'unfollow') return [reachability(push, false, 'unfollowed', reading)]
  if (opening.has(subtype)) {
    const follows = subtype === 'follow' || subtype === 'scan_follow'
    return [opened(push, subtype, reading), ...(follows ? [reachability(push, true, 'followed', reading)] : [])]
  }
  return [{ type: 'unread', externalId: keyOf(push), reason: `an unknown event: ${subtype.slice(0, 40)}`, raw }]
}

function opened(push: Push, kind: string, { at }: Reading): InboundEvent {
  const identity = push.sender_id
  return { type: 'opened', identity, threadId: identity, kind, at: timeOf(push.created_at) ?? at }
}

function reachability(push: Push, reachable: boolean, reason: string, { at }: Reading): InboundEvent {
  return {
    type: 'reachability',
    identity: push.sender_id,
    reachable,
    surface: 'direct',
    reason,
    at: timeOf(push.created_at) ?? at,
  }
}

function readMessage(push: Push, raw: unknown, { own, at, personOf }: Reading): InboundMessage {
  const { sender_id: sender } = push
  return {
    externalId: keyOf(push),
    sequence: null,
    threadId: sender === own ? push.receiver_id : sender,
    rootId: null,
    parentId: null,
    surface: 'direct',
    author: personOf?.(sender) ?? { ...stranger, externalId: sender, name: sender },
    ...contentOf(push),
    context: null,
    url: null,
    sentAt: timeOf(push.created_at) ?? at,
    replyable: { allowed: true, reason: null },
    groupKey: null,
    raw,
  }
}

const stranger = { handle: null, avatarUrl: null, followers: null }

/** What Weibo writes itself where there are no words: `发了一张图片`, `发了一个语音消息`, `发送了一个位置`. */
const standIn = /^(发|发送|分享)了?.{0,4}(图片|照片|语音|位置).{0,4}$/u

function contentOf(push: Push): Pick<InboundMessage, 'text' | 'media' | 'location'> {
  const written = plainText(push.text)
  const text = standIn.test(written) ? '' : written
  const data = dataOf(push)
  switch (push.type) {
    case 'text':
      return { text: text || written || '[unsupported] text', media: [], location: null }
    case 'image':
    case 'voice': {
      const media = fileOf(push.type === 'image' ? 'photo' : 'voice', data)
      return { text: text || (media ? '' : `[unsupported] ${push.type}`), media: media ? [media] : [], location: null }
    }
    case 'position': {
      const location = placeOf(field(data, 'latitude'), field(data, 'longitude'))
      return { text: text || (location ? '' : '[unsupported] position'), media: [], location }
    }
    default:
      return { text: `[unsupported] ${push.type}${text ? `: ${text}` : ''}`, media: [], location: null }
  }
}

/** Two numbers for one file: `vfid` for who sent it, `tovfid` for who got it. */
function fileOf(kind: ExternalMedia['kind'], data: unknown): ExternalMedia | null {
  const ids = [field(data, 'tovfid'), field(data, 'vfid'), field(data, 'fid')].map(wordOf)
  const fid = ids.find((id) => /^[\w-]{1,64}$/u.test(id))
  if (fid === undefined) return null
  const unknown = { name: null, mimeType: null, bytes: null, width: null, height: null, durationMs: null }
  return { ...unknown, kind, externalId: fid, reference: { fid } }
}

/**
 * There is no id. Weibo recommends sender and time, but one person may send two messages in one second: so their kind and
 * content count as well. The same words twice within a second are one message.
 */
function keyOf({ sender_id, created_at, type, text, data }: Push): string {
  const time = timeOf(created_at)
  const at = time ? Math.floor(time.getTime() / 1000) : created_at
  const digest = createHash('sha256')
    .update(JSON.stringify([text, sorted(data)]))
    .digest('base64url')
  return `dm:${sender_id}:${at}:${type}:${digest.slice(0, 22)}`
}

/** An object's fields come in any order. */
function sorted(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data ?? null
  return Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1))
}

function dataOf({ data }: Push): unknown {
  if (typeof data !== 'string') return data
  try {
    return JSON.parse(data)
  } catch {
    return null // The documentation calls it a string, the examples show an object.
  }
}

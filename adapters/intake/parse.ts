/** Theirs → ours. Pure. */
import { createHash } from 'node:crypto'
import type { ExternalMedia, InboundEvent, InboundMessage, MediaKind } from '#channel/events.ts'
import { normalizeNumber } from './number.ts'
import { Payload, type Post, type PostedFile } from './types.ts'

export function parse(raw: unknown): readonly InboundEvent[] {
  const payload = Payload.safeParse(raw)
  if (!payload.success) return [unread(raw, 'no post that can be read')]
  const who = personOf(payload.data)
  if (who === null) return [unread(raw, 'a number that is none')]
  return [{ type: 'message', message: messageOf(payload.data, who) }]
}

/** Who wrote: the number in E.164 where it can be, the program's own id, the address. Null: the number is none. */
export function personOf({
  kind,
  country,
  post: { author },
}: Pick<Payload, 'kind' | 'country' | 'post'>): string | null {
  const number = author.number === undefined ? undefined : normalizeNumber(author.number, country)
  if (number === null) return null
  const email = author.email?.toLowerCase()
  // A program knows its people better than their numbers do, which change hands.
  return (kind === 'app' ? (author.id ?? number ?? email) : (number ?? author.id ?? email)) ?? null
}

function messageOf(payload: Payload, person: string): InboundMessage {
  const { kind, country, post, receivedAt } = payload
  const { author, files = [] } = post
  const number = author.number === undefined ? null : normalizeNumber(author.number, country)
  const handle = number ?? author.email ?? null
  return {
    externalId: post.id,
    sequence: null,
    threadId: kind === 'app' ? (post.thread ?? person) : person,
    rootId: null,
    parentId: null,
    surface: 'direct',
    author: {
      externalId: person,
      name: author.name || handle || person,
      isNamed: Boolean(author.name),
      handle,
      avatarUrl: null,
      followers: null,
    },
    text: textOf(post),
    context: null,
    media: files.map((file, index) => mediaOf(post.id, file, index)),
    location: null,
    url: null,
    sentAt: new Date(post.sentAt ?? receivedAt),
    replyable: { allowed: true, reason: null },
    groupKey: null,
    raw: withoutBytes(payload),
  }
}

/** Fields stand below the words, one a line. */
function textOf({ text, fields = {} }: Post): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${String(value).replace(/\s+/gu, ' ').trim()}`)
  return [text.trim(), lines.join('\n')].filter((part) => part !== '').join('\n\n')
}

function mediaOf(postId: string, file: PostedFile, index: number): ExternalMedia {
  const reference: ExternalMedia['reference'] = 'data' in file ? { data: file.data } : { url: file.url }
  return {
    kind: kindOf(file.type ?? ''),
    externalId: `${postId}#${index}`,
    reference,
    name: file.name,
    mimeType: file.type ?? null,
    bytes: 'data' in file ? Buffer.byteLength(file.data, 'base64') : null,
    width: null,
    height: null,
    durationMs: null,
  }
}

function kindOf(type: string): MediaKind {
  if (/^image\/(?:jpeg|png|gif|webp|heic|avif)$/u.test(type)) return 'photo'
  if (type.startsWith('video/')) return 'video'
  return type.startsWith('audio/') ? 'audio' : 'document'
}

/** Files are kept as files, not a second time in the payload that support keeps for a month. */
function withoutBytes(payload: Payload): unknown {
  const { files = [] } = payload.post
  if (files.length === 0) return payload
  return { ...payload, post: { ...payload.post, files: files.map(({ name, type }) => ({ name, type: type ?? null })) } }
}

function unread(raw: unknown, reason: string): InboundEvent {
  const hash = createHash('sha256')
    .update(JSON.stringify(raw) ?? 'undefined')
    .digest('base64url')
  return { type: 'unread', externalId: hash, reason, raw }
}

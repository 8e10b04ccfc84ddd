/** One item of a feed → the message it is. Pure. */
import type { ExternalMedia, InboundEvent, InboundMessage } from '#channel/events.ts'
import { readDate } from './dates.ts'
import { type HtmlFile, looksLikeHtml, maxText, readHtml } from './html.ts'
import { contentId, mark, ownId, streamOf, withoutTracking } from './ids.ts'
import { kindOf, readItem } from './item.ts'
import type { FileRef, Format, Item, Payload, Words } from './types.ts'
import { get, resolve, text } from './values.ts'

const maxFiles = 20

export const readOnly = {
  en: 'A feed can only be read. Open the post and answer there.',
  zh: '订阅源只能读取，请打开原文并在那里回复。',
}

/** `now`: when it was read, for items without a date and with one that lies ahead. Anything but a payload is one `unread` event. */
export function parse(raw: unknown, now: Date): readonly InboundEvent[] {
  const payload = payloadIn(raw)
  if (payload) return [{ type: 'message', message: messageOf(payload, now, raw) }]
  return [{ type: 'unread', externalId: contentId(JSON.stringify(raw) ?? ''), reason: 'no item of a feed', raw }]
}

export function messageOf(payload: Payload, now: Date, raw: unknown = payload): InboundMessage {
  const item = readItem(payload)
  const base = baseOf(item, payload.feed.base)
  const url = resolve(item.link, base)
  const { externalId } = identify(payload, item)
  const title = item.title && readWords(item.title, base).text.replace(/\s+/gu, ' ')
  const body = item.body && readWords(item.body, base)
  const author = authorOf(item, payload, url)
  const written = join(title ?? '', body?.text ?? '')
  const media = mediaOf(item, body?.files ?? [], base, url)
  return {
    externalId,
    sequence: null,
    threadId: short(`${externalId}/${author.externalId}`),
    rootId: externalId,
    parentId: null,
    surface: 'public',
    author,
    text: written !== '' ? written : media.length > 0 ? '' : (url ?? '[unsupported] empty item'),
    context: null,
    media,
    location: null,
    url,
    sentAt: sentAtOf(item, now),
    replyable: { allowed: false, reason: readOnly },
    groupKey: null,
    raw,
  }
}

export interface Identity {
  readonly externalId: string
  /** Of link, title and date: what is left when the feed's own id is none. */
  readonly byContent: string
  /** Null: the feed gives none. */
  readonly own: string | null
}

export function identify({ feed, idBy }: Payload, item: Item): Identity {
  const stream = streamOf(feed.address)
  const link = resolve(item.link, baseOf(item, feed.base))
  const named = link === null ? null : withoutTracking(link)
  const byContent = contentId(
    named ?? stream,
    item.title?.value ?? item.body?.value.slice(0, 500) ?? null,
    item.published ?? item.updated,
  )
  const own = item.id === null ? null : ownId(item.id, stream)
  return { own, byContent, externalId: idBy === 'content' || own === null ? byContent : own }
}

/** When it was published, as far as that can be: a date that lies ahead, or none, is the time of reading. */
export function sentAtOf(item: Item, now: Date): Date {
  const written = readDate(item.published) ?? readDate(item.updated)
  return written && written <= now ? written : now
}

/** When it was changed; null: the feed names no change, or one in the future. */
export function changedAt(item: Item, now: Date): Date | null {
  const updated = readDate(item.updated)
  const published = readDate(item.published)
  return updated && published && updated > published && updated <= now ? updated : null
}

export function payloadIn(raw: unknown): Payload | null {
  const formats: readonly Format[] = ['rss', 'atom', 'rdf', 'json']
  const format = formats.find((one) => one === get(raw, 'format'))
  const address = text(get(raw, 'feed', 'address'))
  const base = text(get(raw, 'feed', 'base'))
  const item = get(raw, 'item')
  if (!format || address === null || base === null || typeof item !== 'object' || item === null) return null
  const title = text(get(raw, 'feed', 'title')) ?? address
  return { format, feed: { address, title, base }, idBy: get(raw, 'idBy') === 'content' ? 'content' : 'own', item }
}

function readWords({ value, html }: Words, base: string): { text: string; files: readonly HtmlFile[] } {
  const isHtml = html === 'guess' ? looksLikeHtml(value) : html
  return isHtml ? readHtml(value, base) : { text: value, files: [] }
}

/** Microblogs have no titles: their feeds repeat the beginning of the post in its place. */
function join(title: string, body: string): string {
  const flat = (value: string) => value.replace(/\s+/gu, '')
  const beginning = flat(title).replace(/(?:…|\.{3})$/u, '')
  const repeated = beginning === '' || flat(body).startsWith(beginning)
  const whole = body === '' ? title : repeated ? body : `${title}\n\n${body}`
  return whole.length > maxText ? `${whole.slice(0, maxText).toWellFormed()}…` : whole
}

function authorOf({ author }: Item, { feed }: Payload, url: string | null): InboundMessage['author'] {
  // Who wrote it, or the site: a feed of one person names nobody.
  const name = (author.name ?? feed.title).replace(/\s+/gu, ' ').slice(0, 200).toWellFormed()
  const uri = resolve(author.uri, feed.base)
  const host = URL.parse(url ?? feed.base)?.host ?? ''
  return {
    externalId: short(uri ?? (author.name === null ? streamOf(feed.address) : `${host}/${name}`)),
    name,
    handle: null,
    avatarUrl: resolve(author.avatar, feed.base),
    followers: null,
  }
}

const short = (id: string) => (id.length <= 600 ? id : contentId(id))

function baseOf(item: Item, base: string): string {
  return item.base === null ? base : (resolve(item.base, base) ?? base)
}

function mediaOf(item: Item, inText: readonly HtmlFile[], base: string, page: string | null): ExternalMedia[] {
  const listed = item.files.flatMap((file) => {
    const url = resolve(file.url, base)
    return url === null ? [] : [{ ...file, url }]
  })
  const embedded = inText.map(
    ({ url, kind }): FileRef => ({
      url,
      kind: kind === 'photo' ? 'photo' : kindOf(kind, url),
      type: null,
      bytes: null,
      name: null,
      durationMs: null,
    }),
  )
  const byAddress = new Map([...embedded, ...listed].map((file) => [file.url, file]))
  return [...byAddress.values()].slice(0, maxFiles).map(({ url, kind, type, bytes, name, durationMs }) => ({
    kind,
    externalId: mark(url),
    reference: { url, page },
    name,
    mimeType: type,
    bytes,
    width: null,
    height: null,
    durationMs,
  }))
}

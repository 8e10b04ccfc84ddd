/** The four formats' items in one shape. */

import type { FileRef, Item, Payload, Words } from './types.ts'
import { count, firstText, get, list, text } from './values.ts'

export function readItem({ format, item }: Payload): Item {
  if (format === 'atom') return atomItem(item)
  return format === 'json' ? jsonItem(item) : rssItem(item)
}

/** RSS and RDF. Neither says whether a text is HTML. */
function rssItem(item: unknown): Item {
  const guid = text(get(item, 'guid', 'value'))
  const author = list(get(item, 'authors'))[0]
  const permalink = guid !== null && get(item, 'guid', 'isPermaLink') !== false && /^https?:/iu.test(guid) ? guid : null
  const about = text(get(item, 'rdf', 'about'))
  const full = firstText(get(item, 'content', 'encoded'))
  const short = firstText(
    get(item, 'description'),
    get(item, 'dc', 'descriptions', '0'),
    get(item, 'atom', 'summary', 'value'),
  )
  return {
    id: guid ?? about,
    link: firstText(get(item, 'link'), linkOf(get(item, 'atom', 'links')), permalink, about),
    title: words(firstText(get(item, 'title'), list(get(item, 'dc', 'titles'))[0])),
    body: words(full ?? short),
    author: {
      name: firstText(
        list(get(item, 'dc', 'creators'))[0],
        get(author, 'name'),
        get(item, 'itunes', 'author'),
        get(author, 'email'),
      ),
      uri: firstText(get(author, 'link')),
      avatar: null,
    },
    published: firstText(get(item, 'pubDate'), list(get(item, 'dc', 'dates'))[0], get(item, 'atom', 'published')),
    updated: firstText(
      get(item, 'atom', 'updated'),
      list(get(item, 'dcterms', 'modified'))[0],
      get(item, 'dcterms', 'modified'),
    ),
    files: [...list(get(item, 'enclosures')).flatMap(enclosure), ...mediaFiles(get(item, 'media'))],
    base: text(get(item, 'xml', 'base')),
  }
}

function atomItem(item: unknown): Item {
  const links = list(get(item, 'links'))
  const author = list(get(item, 'authors'))[0]
  return {
    id: text(get(item, 'id')),
    link: linkOf(links),
    title: atomWords(get(item, 'title')),
    body:
      atomWords(get(item, 'content')) ??
      atomWords(get(item, 'summary')) ??
      words(text(get(item, 'media', 'group', 'description', 'value'))),
    author: { name: firstText(get(author, 'name'), get(author, 'email')), uri: text(get(author, 'uri')), avatar: null },
    published: text(get(item, 'published')),
    updated: text(get(item, 'updated')),
    files: [
      ...links
        .filter((link) => get(link, 'rel') === 'enclosure')
        .flatMap((link) =>
          enclosure({
            url: get(link, 'href'),
            type: get(link, 'type'),
            length: get(link, 'length'),
            title: get(link, 'title'),
          }),
        ),
      ...mediaFiles(get(item, 'media')),
    ],
    base: firstText(get(item, 'content', 'xml', 'base'), get(item, 'xml', 'base')),
  }
}

function jsonItem(item: unknown): Item {
  const author = list(get(item, 'authors'))[0] ?? get(item, 'author')
  const html = text(get(item, 'content_html'))
  const plain = firstText(get(item, 'content_text'), get(item, 'summary'))
  const attached = list(get(item, 'attachments')).flatMap((one) =>
    enclosure({
      url: get(one, 'url'),
      type: get(one, 'mime_type'),
      length: get(one, 'size_in_bytes'),
      title: get(one, 'title'),
      seconds: get(one, 'duration_in_seconds'),
    }),
  )
  const title = text(get(item, 'title'))
  return {
    id: text(get(item, 'id')),
    link: firstText(get(item, 'url'), get(item, 'external_url')),
    title: title === null ? null : { value: title, html: 'guess' },
    body: html !== null ? { value: html, html: true } : plain !== null ? { value: plain, html: false } : null,
    author: { name: text(get(author, 'name')), uri: text(get(author, 'url')), avatar: text(get(author, 'avatar')) },
    published: text(get(item, 'date_published')),
    updated: text(get(item, 'date_modified')),
    files: [...attached, ...enclosure({ url: get(item, 'image'), type: 'image/*' })],
    base: null,
  }
}

const words = (value: string | null): Words | null => (value === null ? null : { value, html: 'guess' })

/** https://www.rfc-editor.org/rfc/rfc4287#section-3.1, as known on 2026-11-25: without a type it is text. */
function atomWords(given: unknown): Words | null {
  const value = text(get(given, 'value'))
  if (value === null) return null
  const type = text(get(given, 'type'))?.toLowerCase() ?? 'text'
  return { value, html: /html/u.test(type) }
}

/** The page of the item: `alternate`, which a link without `rel` is. */
function linkOf(links: unknown): string | null {
  const pages = list(links).filter((link) => (text(get(link, 'rel')) ?? 'alternate') === 'alternate')
  const page = pages.find((link) => /html/iu.test(text(get(link, 'type')) ?? 'html')) ?? pages[0]
  return text(get(page, 'href'))
}

interface Enclosure {
  readonly url?: unknown
  readonly type?: unknown
  readonly length?: unknown
  readonly title?: unknown
  readonly seconds?: unknown
  readonly medium?: unknown
}

function enclosure(given: unknown): FileRef[] {
  const { url, type, length, title, seconds, medium } = (given ?? {}) as Enclosure
  const address = text(url)
  if (address === null) return []
  const mimeType = text(text(type)?.toLowerCase().replace(/;.*$/su, ''))
  return [
    {
      url: address,
      kind: kindOf(mimeType ?? text(medium) ?? '', address),
      type: mimeType !== null && /^[a-z]+\/[a-z0-9.+-]+$/u.test(mimeType) ? mimeType : null,
      bytes: count(length),
      name: text(title),
      durationMs: typeof seconds === 'number' && seconds > 0 && seconds < 1e6 ? Math.round(seconds * 1000) : null,
    },
  ]
}

/** Media RSS: the files, and of videos that play on a page only the picture. */
function mediaFiles(media: unknown): FileRef[] {
  const groups = [media, get(media, 'group'), ...list(get(media, 'groups'))]
  const files = groups.flatMap((group) =>
    list(get(group, 'contents')).flatMap((one) =>
      enclosure({
        url: get(one, 'url'),
        type: get(one, 'type'),
        medium: get(one, 'medium'),
        length: get(one, 'fileSize'),
        seconds: get(one, 'duration'),
      }),
    ),
  )
  if (files.length > 0) return files
  return groups.flatMap((group) =>
    list(get(group, 'thumbnails'))
      .slice(0, 1)
      .flatMap((one) => enclosure({ url: get(one, 'url'), type: 'image/*' })),
  )
}

export function kindOf(type: string, address: string): FileRef['kind'] {
  const extension = /\.([a-z0-9]{2,5})(?:[?#]|$)/iu.exec(address)?.[1]?.toLowerCase() ?? ''
  if (/^image\b/u.test(type) || /^(?:jpe?g|png|gif|webp|bmp|avif)$/u.test(extension)) return 'photo'
  if (/^video\b/u.test(type) || /^(?:mp4|mov|webm|m4v)$/u.test(extension)) return 'video'
  if (/^audio\b/u.test(type) || /^(?:mp3|m4a|ogg|wav|aac)$/u.test(extension)) return 'audio'
  return 'document'
}

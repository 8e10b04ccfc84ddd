/** Weibo's text → plain text: HTML of the mobile interface, entities, and short links as what they lead to. */

/** Tags Weibo writes. Anything else in angle brackets is what somebody typed. */
const tag = /<(\/?)(a|br|img|span|p|div|b|i|em|strong)((?:\s[^<>]{0,4000})?)\s*\/?>/giu

/** `links`: real addresses by short ones. */
export function plainText(text: string, links: ReadonlyMap<string, string> = new Map()): string {
  const plain = decodeEntities(text.replace(anchor, readAnchor).replace(tag, readTag))
  return plain
    .replace(shortLink, (short) => links.get(keyOf(short)) ?? short)
    .replaceAll('\u200b', '')
    .trim()
}

const anchor = /<a(\s[^<>]{0,4000})>([\s\S]{0,2000}?)<\/a>/giu

/** A mention or a topic is its words; a link is its address, in full. */
function readAnchor(_whole: string, attributes: string, inner: string): string {
  const words = inner.replace(tag, readTag).trim()
  const href = destination(decodeEntities(attribute(attributes, 'href')))
  if (href === null || /^[@#＃]/u.test(words)) return words
  return words === '' || words === '网页链接' || /^https?:/iu.test(words) ? href : `${words} ${href}`
}

function readTag(_whole: string, closing: string, name: string, attributes: string): string {
  switch (name.toLowerCase()) {
    case 'br':
      return '\n'
    case 'img':
      return attribute(attributes, 'alt') // An emoticon: [泪]
    case 'p':
    case 'div':
      return closing ? '\n' : ''
    default:
      return ''
  }
}

function attribute(attributes: string, name: string): string {
  const found = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'iu').exec(attributes)
  return found?.[1] ?? found?.[2] ?? found?.[3] ?? ''
}

/** Weibo leads out through `…/sinaurl?u=<address>`. Null for what leads nowhere outside. */
function destination(href: string): string | null {
  const url = URL.parse(href.startsWith('//') ? `https:${href}` : href)
  if (!url || !/^https?:$/u.test(url.protocol)) return null
  const inner = /\/sinaurl$/u.test(url.pathname) ? (url.searchParams.get('u') ?? url.searchParams.get('url')) : null
  return inner !== null && /^https?:\/\//iu.test(inner) ? inner : href
}

const shortLink = /https?:\/\/(?:t\.cn|sinaurl\.cn)\/[A-Za-z0-9]{1,20}/giu
/** A short link with http and with https is the same one. */
const keyOf = (short: string): string => short.replace(/^https?:\/\//iu, '')

/**
 * Where the payload says what its short links lead to: `url_objects` (`url_ori` or `url_short`, `url_long`, also inside
 * `info`) and `url_struct` (`short_url`, `ori_url` or `long_url`).
 */
export function linksIn(...lists: readonly unknown[]): ReadonlyMap<string, string> {
  const links = new Map<string, string>()
  for (const entry of lists.flatMap((list) => (Array.isArray(list) ? list.slice(0, 100) : []))) {
    for (const part of [entry, field(entry, 'info'), field(entry, 'object')]) {
      const shorts = ['url_short', 'short_url', 'url_ori'].map((name) => field(part, name))
      const short = shorts.find((value) => typeof value === 'string' && value.match(shortLink))
      const longs = ['url_long', 'long_url', 'ori_url'].map((name) => field(part, name))
      const long = longs.find((value) => typeof value === 'string' && /^https?:\/\/\S{1,2000}$/iu.test(value))
      if (typeof short === 'string' && typeof long === 'string') links.set(keyOf(short), long)
    }
  }
  return links
}

/** Of anything: a field that may be there. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}

/** Of a string or a number; empty for anything else, which may not even become text. */
export function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/giu,
    (whole, ten, sixteen, name) => {
      if (name) return entities[String(name).toLowerCase()] ?? whole
      const point = ten ? Number(ten) : Number.parseInt(sixteen, 16)
      return point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff) ? String.fromCodePoint(point) : whole
    },
  )
}

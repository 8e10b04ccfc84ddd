/**
 * Length as X counts it: NFC text; a link 23, an emoji 2, most Latin and punctuation 1, everything else 2.
 * https://docs.x.com/fundamentals/counting-characters, https://github.com/twitter/twitter-text (config v3), read 2026-11-24
 */
import { topLevelDomains } from './top-level-domains.ts'

const linkLength = 23

export function measureX(text: string): number {
  const normal = text.normalize('NFC')
  let length = 0
  let at = 0
  for (const [start, end] of linksIn(normal)) {
    length += measurePlain(normal.slice(at, start)) + linkLength
    at = end
  }
  return length + measurePlain(normal.slice(at))
}

/** A family, a flag, a keycap (`\u20e3`) is one. A single picture weighs 2 by itself; © and ® without a selector are letters. */
const emoji = /\p{RGI_Emoji}|[#*0-9]\u20e3/gv

function measurePlain(text: string): number {
  let length = 0
  let at = 0
  for (const { 0: found, index } of text.matchAll(emoji)) {
    length += measureLetters(text.slice(at, index)) + 2
    at = index + found.length
  }
  return length + measureLetters(text.slice(at))
}

function measureLetters(text: string): number {
  let length = 0
  for (const letter of text) length += isLight(letter.codePointAt(0) ?? 0) ? 1 : 2
  return length
}

function isLight(point: number): boolean {
  return (
    point <= 0x10ff ||
    (point >= 0x2000 && point <= 0x200d) ||
    (point >= 0x2010 && point <= 0x201f) ||
    (point >= 0x2032 && point <= 0x2037)
  )
}

const latin =
  '\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff'
/** What no host name has: ASCII punctuation but `-`, `_` and `.`, spaces, marks of direction. */
const noHost =
  "!'#%&()*+,\\\\/:;<=>?@\\[\\]^{\\|}~$\\u0009-\\u000d \\u0085\\u00a0\\u1680\\u180e\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufffe\\ufeff\\uffff\\u202a-\\u202e\\u061c\\u200e\\u200f\\u2066-\\u2069"
const label = `[^${noHost}._\\-](?:[^${noHost}.]*[^${noHost}._\\-])?`
/** The one before the top level has no underscore. */
const name = `[^${noHost}._\\-](?:[^${noHost}._]*[^${noHost}._\\-])?`
const names = [...topLevelDomains, 'xn--[\\-0-9a-z]+'].sort((a, b) => b.length - a.length).join('|')
const top = `(?:${names})(?=[^0-9a-zA-Z@+\\-]|$)`

const candidate = new RegExp(`(https?://)?((?:(?!https?://)[^${noHost}])+)`, 'giu')
const host = new RegExp(`(?:${label}\\.)*${name}\\.${top}`, 'iuy')
const asciiHost = new RegExp(`(?:[-a-z0-9${latin}]+\\.)+${top}`, 'giu')

const pathLetter = `[a-z\\u0400-\\u04ff0-9!*';:=+,.$/%#\\[\\]\\-\\u2013_~@|&${latin}]`
const parens = `\\((?:${pathLetter}+|${pathLetter}*\\(${pathLetter}+\\)${pathLetter}*)\\)`
const pathEnd = `(?:[+\\-a-z\\u0400-\\u04ff0-9=_#/${latin}]|${parens})`
const path = `/(?:(?:${pathLetter}|${parens})*${pathEnd})?`
const query = `\\?[a-z0-9!?*'@();:&=+$/%#\\[\\]\\-_.,~|]*[a-z0-9\\-_&=#/]`
const rest = new RegExp(`(?::[0-9]+)?(?<path>${path})?(?:${query})?`, 'iuy')
const shortLink = /^https?:\/\/t\.co\/[a-z0-9]{1,40}(?:\?[a-z0-9!?*'@();:&=+$/%#[\]\-_.,~|]*[a-z0-9\-_&=#/])?/iu

type Span = [start: number, end: number]
/** `next`: where looking goes on; the letter there cannot begin a link, because one has to stand before it. */
interface Found {
  readonly links: Span[]
  readonly next: number
}
const nothing: Found = { links: [], next: 0 }

/** Start and end of everything X makes a link of, also without `https://`: `example.com/a`. */
export function linksIn(text: string): Span[] {
  const found: Span[] = []
  if (!text.includes('.')) return found
  let next = 0
  candidate.lastIndex = 0
  for (let match = candidate.exec(text); match; match = candidate.exec(text)) {
    const [whole, protocol = '', run = ''] = match
    if (!run.includes('.')) continue
    const { index } = match
    const read =
      protocol === ''
        ? bareLinks(text, index, index + whole.length, next)
        : fullLink(text, index, protocol.length, next)
    if (read.next === 0) continue
    found.push(...read.links)
    next = read.next
    candidate.lastIndex = Math.max(candidate.lastIndex, next)
  }
  return found
}

/** Nobody's link: `user@example.com`, `$a.co`, `xhttps://…`. */
const glued = /[A-Za-z0-9@＠$#＃\ufffe\ufeff\uffff]/u
const joined = /[-_./]/u
const canBegin = (text: string, at: number, next: number) =>
  at === 0 || ((next === 0 || at > next) && !glued.test(text[at - 1]!))

function fullLink(text: string, start: number, protocol: number, next: number): Found {
  const end = canBegin(text, start, next) ? hostEnd(text, start + protocol) : null
  if (end === null) return nothing
  const tail = tailEnd(text, end).end
  const whole = text.slice(start, tail)
  return { links: [[start, start + (shortLink.exec(whole)?.[0].length ?? whole.length)]], next: tail }
}

/** Only its ASCII part is a link: in 看example.com the Han letter is none of it. */
function bareLinks(text: string, begin: number, limit: number, next: number): Found {
  // After what cannot stand before a link, one may still begin at the next letter that can.
  let from = begin
  // And no name begins with a sign.
  while (from < limit && (joined.test(text[from]!) || !canBegin(text, from, next))) from += 1
  let end = hostEnd(text, from)
  // Nor before an underscore. More of them than this nobody writes in front of a link.
  for (let tries = 0; end === null && tries < 20; tries += 1) {
    const bar = text.indexOf('_', from)
    if (bar < 0 || bar + 1 >= limit) break
    from = bar + 1
    end = hostEnd(text, from)
  }
  if (end === null) return nothing
  if (from > 0 && joined.test(text[from - 1]!)) return { links: [], next: tailEnd(text, end).end }
  const links = [...text.slice(from, end).matchAll(asciiHost)].map(
    ({ 0: name, index }): Span => [from + index, from + index + name.length],
  )
  const tail = tailEnd(text, end)
  const last = links.at(-1)
  if (last && tail.hasPath) last[1] = tail.end
  return { links, next: tail.end }
}

function hostEnd(text: string, from: number): number | null {
  host.lastIndex = from
  return host.test(text) ? host.lastIndex : null
}

function tailEnd(text: string, from: number): { end: number; hasPath: boolean } {
  rest.lastIndex = from
  const match = rest.exec(text)
  return { end: from + (match?.[0].length ?? 0), hasPath: match?.groups?.path !== undefined }
}

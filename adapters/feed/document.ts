/** A feed's text → its items, none of them read yet. */
import { parseAtomFeed, parseFeed, parseJsonFeed, parseRdfFeed, parseRssFeed } from 'feedsmith'
import { readHtml } from './html.ts'
import { parseJson } from './json.ts'
import { safeXml } from './safe-xml.ts'
import type { Format, Payload } from './types.ts'
import { count, firstText, get, list, resolve, text } from './values.ts'

/** A feed is a page of news, not an archive. */
export const maxItems = 1000

export interface Document {
  readonly title: string
  /** In the order of the feed. */
  readonly payloads: readonly Payload[]
  readonly hints: Hints
}
/** How often the feed asks to be read. Hours and days are of UTC. */
export interface Hints {
  readonly minutes: number | null
  readonly skipHours: readonly number[]
  readonly skipDays: readonly string[]
  /** JSON Feed: nothing will ever come again. */
  readonly expired: boolean
}

/** Why it is none: `page` is HTML with a 200, a login page most likely. */
export class NotAFeed extends Error {
  override readonly name = 'NotAFeed'
  readonly reason: 'empty' | 'page' | 'unreadable'
  constructor(reason: NotAFeed['reason'], cause?: unknown) {
    super(reason, { cause })
    this.reason = reason
  }
}

export interface Place {
  /** As in the settings. */
  readonly address: string
  /** Where it was in the end. */
  readonly url: string
}

/** Throws {@link NotAFeed}. */
export function readDocument(given: string, place: Place): Document {
  // XML allows none of these, and feeds have them.
  const clean = given
    .replace(/^\ufeff/u, '')
    .replace(/(?![\t\n\r])\p{Cc}/gu, '')
    .trim()
  if (clean === '') throw new NotAFeed('empty')
  const { format, feed } = parseAny(clean)
  const base = baseOf(feed, place.url)
  const title = titleOf(feed, base) ?? URL.parse(place.url)?.host ?? place.url
  const items = list(get(feed, format === 'atom' ? 'entries' : 'items')).slice(0, maxItems)
  return {
    title,
    payloads: items.map((item) => ({ format, feed: { address: place.address, title, base }, idBy: 'own', item })),
    hints: {
      minutes: count(get(feed, 'ttl')) ?? syndication(get(feed, 'sy')),
      skipHours: list(get(feed, 'skipHours')).flatMap((hour) =>
        Number(hour) >= 0 && Number(hour) <= 24 ? [Number(hour) % 24] : [],
      ),
      skipDays: list(get(feed, 'skipDays')).flatMap((day) => text(day)?.toLowerCase() ?? []),
      expired: get(feed, 'expired') === true,
    },
  }
}

function parseAny(clean: string): { readonly format: Format; readonly feed: unknown } {
  try {
    if (clean.startsWith('{')) return { format: 'json', feed: parseJsonFeed(parseJson(clean)) }
    const root = rootOf(clean)
    if (root === 'html' || root === 'body' || root === 'script') throw new NotAFeed('page')
    const xml = safeXml(clean)
    if (xml === null) throw new NotAFeed('unreadable')
    if (root === 'rss') return { format: 'rss', feed: parseRssFeed(xml) }
    if (root === 'feed') return { format: 'atom', feed: parseAtomFeed(xml) }
    if (root === 'rdf') return { format: 'rdf', feed: parseRdfFeed(xml) }
    return parseFeed(xml)
  } catch (error) {
    if (error instanceof NotAFeed) throw error
    // The parser's own message may quote the document.
    throw new NotAFeed('unreadable')
  }
}

/** The first element's name: a page with a feed quoted in it is a page. */
function rootOf(xml: string): string | null {
  if (/^<!doctype\s+html/iu.test(xml)) return 'html'
  const head = xml.slice(0, 20_000).replace(/<!--.*?-->/gsu, '')
  return /<(?:[\w-]+:)?([A-Za-z][\w-]*)/u.exec(head)?.[1]?.toLowerCase() ?? null
}

/** `xml:base`, where the feed has one; else where it is. Without a query, which may hold a key. */
function baseOf(feed: unknown, url: string): string {
  const place = URL.parse(url)
  const here = place ? `${place.origin}${place.pathname}` : url
  const home = resolve(firstText(get(feed, 'xml', 'base')), here)
  return home ?? here
}

function titleOf(feed: unknown, base: string): string | null {
  const title = firstText(get(feed, 'title'), get(feed, 'title', 'value'))
  return title === null ? null : text(readHtml(title, base).text.replace(/\s+/gu, ' ').slice(0, 200).toWellFormed())
}

/** https://web.resource.org/rss/1.0/modules/syndication/, as known on 2026-11-25 */
function syndication(sy: unknown): number | null {
  const periods: Readonly<Record<string, number>> = {
    hourly: 60,
    daily: 1440,
    weekly: 10_080,
    monthly: 43_200,
    yearly: 525_600,
  }
  const period = periods[text(get(sy, 'updatePeriod'))?.toLowerCase() ?? '']
  return period === undefined ? null : Math.round(period / (count(get(sy, 'updateFrequency')) ?? 1))
}

import type { PollPosition, PollResult } from '#channel/adapter.ts'
import { NoAnswer, ReadError } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import { type Answer, ask } from './ask.ts'
import { type Cursor, readCursor, writeCursor } from './cursor.ts'
import { decode } from './decode.ts'
import { type Document, NotAFeed, readDocument } from './document.ts'
import { streamOf } from './ids.ts'
import { findNews } from './news.ts'
import { afterFailure, maxAgeIn, nextRead, overMs } from './rhythm.ts'
import { addressesIn, type Settings } from './settings.ts'
import { nameOf, texts } from './texts.ts'

/** RSSHub asks the site while we wait. */
const timeoutMs = 30_000
const none: Cursor = { moved: null, etag: null, modified: null, over: false, reuses: false, seen: [] }

export interface Poller {
  poll(at: PollPosition, signal: AbortSignal): Promise<PollResult>
}

/** One stream per feed. */
export const streamsOf = ({ feeds }: Settings): readonly string[] => addressesIn(feeds).map(streamOf)

export function createPoller(settings: Settings, tools: Tools): Poller {
  const addresses = new Map(addressesIn(settings.feeds).map((address) => [streamOf(address), address]))
  const failures = new Map<string, number>()

  async function read(address: string, written: string | null, signal: AbortSignal): Promise<PollResult> {
    const cursor = readCursor(written)
    const { moved, etag, modified } = cursor ?? none
    const answer = await ask(settings, tools, { address, moved, etag, modified, timeoutMs, signal })
    const now = tools.now()
    if (answer.kind === 'over') return await over(address, { ...(cursor ?? none), over: true })
    if (answer.kind === 'same') {
      const kept = { ...(cursor ?? none), ...validatorsOf(answer, cursor), moved: answer.moved, over: false }
      return result([], kept, nextRead(now, settings.pollSeconds, null, maxAgeIn(answer.headers)))
    }
    const document = readAnswer(answer, address)
    const news = findNews(document.payloads, cursor, { now, first: settings.firstRead })
    const next: Cursor = {
      // Until all of it is stored, the server must not say "the same".
      ...(news.more ? { etag: null, modified: null } : validatorsOf(answer, null)),
      moved: answer.moved,
      over: false,
      reuses: news.reuses,
      seen: news.seen,
    }
    if (document.hints.expired && !news.more) return await over(address, { ...next, over: true }, news.events)
    if (news.more) return { events: news.events, cursor: writeCursor(next), more: true, nextAt: null }
    return result(news.events, next, nextRead(now, settings.pollSeconds, document.hints, maxAgeIn(answer.headers)))
  }

  async function over(address: string, cursor: Cursor, events: PollResult['events'] = []): Promise<PollResult> {
    await tools.health({ state: 'warning', text: texts.over(nameOf(address)) })
    return result(events, cursor, new Date(tools.now().getTime() + overMs))
  }

  return {
    async poll({ stream, cursor }, signal) {
      const address = addresses.get(stream)
      if (address === undefined)
        return { events: [], cursor, more: false, nextAt: new Date(tools.now().getTime() + overMs) }
      try {
        const read_ = await read(address, cursor, signal)
        failures.delete(stream)
        return read_
      } catch (error) {
        if (signal.aborted) return { events: [], cursor, more: false, nextAt: null }
        const count = (failures.get(stream) ?? 0) + 1
        failures.set(stream, count)
        throw explain(error, address, afterFailure(tools.now(), count, settings.pollSeconds))
      }
    },
  }
}

const result = (events: PollResult['events'], cursor: Cursor, nextAt: Date): PollResult => ({
  events,
  cursor: writeCursor(cursor),
  more: false,
  nextAt,
})

/** As they were given, a weak `W/` too. A 304 may bring new ones. */
function validatorsOf({ headers }: Answer, before: Cursor | null): Pick<Cursor, 'etag' | 'modified'> {
  return {
    etag: headers.get('etag') ?? before?.etag ?? null,
    modified: headers.get('last-modified') ?? before?.modified ?? null,
  }
}

/** Throws NotAFeed. */
export function readAnswer({ bytes, headers, url }: Answer, address: string): Document {
  return readDocument(decode(bytes, headers.get('content-type')), { address, url })
}

/** Every failure in words, and when to try again; a bug stays a bug. */
export function explain(error: unknown, address: string, after: Date): unknown {
  const feed = nameOf(address)
  const later = (text: ReadError['text'], when = after) => new ReadError('later', { text, after: when, cause: error })
  if (error instanceof NoAnswer) return later(texts.noAnswer(feed))
  if (error instanceof NotAFeed) return later(texts.notAFeed(feed, error.reason))
  if (!(error instanceof ReadError)) return error
  if (error.reason === 'gone') return later(texts.inward(feed))
  if (error.reason === 'too_large') return later(texts.tooLarge(feed))
  return later(error.text, error.after ?? after)
}

/** What a visitor's widget hears: their history, each new line, and that somebody is typing. Server-sent events. */
import type { ThreadLine, Tools } from '#channel/tools.ts'
import { clientIdOf } from './parse.ts'
import type { Settings } from './settings.ts'
import type { Typing } from './typing.ts'
import { type Known, receiptCode } from './visitor.ts'
import type { Line } from './wire.ts'

/** Lines shown to somebody who comes with none. */
const history = 200
const heartbeatMs = 15_000

export interface StreamDeps {
  readonly settings: Settings
  readonly tools: Tools
  readonly typing: Typing
}

/**
 * Ends with the signal, and when the visitor's token does. `after`: the line the widget has everything up to. Lines it has
 * already may come again: it knows them by their ids.
 */
export async function* frames(
  { settings, tools, typing }: StreamDeps,
  visitor: Known,
  after: string | null,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const over = new AbortController()
  const ends = over.signal
  const end = () => over.abort()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  const expiry = visitor.until && setTimeout(end, untilThen(visitor.until, tools.now()))
  const thread = tools.thread(visitor.id)
  const wake = createWake()
  const stopHearing = typing.hear(visitor.id, () => wake.ring())
  try {
    const first = after === null ? await thread.last(history) : await thread.read(after)
    const given = new Set(first.map(({ id }) => id))
    for (const line of first) yield frame('line', lineOf(settings, visitor, line))
    yield frame('ready', {})
    const lines = thread.watch(after ?? first[0]?.id ?? null, ends)[Symbol.asyncIterator]()
    let next = lines.next()
    while (!ends.aborted) {
      const what = await Promise.race([next, wake.wait(heartbeatMs, ends)])
      if (what === 'rang') yield frame('typing', {})
      else if (what === 'quiet') yield ': still here\n\n'
      else if (what === 'over' || what.done) return
      else {
        next = lines.next()
        if (!given.has(what.value.id)) yield frame('line', lineOf(settings, visitor, what.value))
      }
    }
  } finally {
    stopHearing()
    if (expiry) clearTimeout(expiry)
    signal.removeEventListener('abort', end)
    end()
  }
}

const frame = (event: string, data: unknown) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

export function lineOf(settings: Settings, visitor: Known, line: ThreadLine): Line {
  const isOurs = line.direction === 'outbound'
  return {
    id: line.id,
    side: isOurs ? 'agent' : 'visitor',
    text: line.message.text,
    at: line.message.sentAt.toISOString(),
    author: line.authorName,
    clientId: clientIdOf(visitor, line.externalId),
    code: isOurs ? receiptCode(settings, visitor, line.id) : null,
    files: line.media,
  }
}

/** The longest time a timer takes is 24.8 days. */
const untilThen = (until: Date, now: Date) => Math.min(Math.max(until.getTime() - now.getTime(), 0), 2_000_000_000)

function createWake() {
  let rang = false
  let resolve: ((what: 'rang') => void) | null = null
  let waiting: Promise<'rang' | 'quiet' | 'over'> | null = null
  return {
    ring() {
      rang = true
      resolve?.('rang')
    },
    /** One wait at a time: the same again until it is over. */
    wait(ms: number, signal: AbortSignal): Promise<'rang' | 'quiet' | 'over'> {
      waiting ??= new Promise<'rang' | 'quiet' | 'over'>((done) => {
        if (signal.aborted) return done('over')
        if (rang) return done('rang')
        const timer = setTimeout(() => done('quiet'), ms)
        const end = () => done('over')
        signal.addEventListener('abort', end, { once: true })
        resolve = (what) => {
          clearTimeout(timer)
          signal.removeEventListener('abort', end)
          done(what)
        }
      }).then((what) => {
        waiting = null
        resolve = null
        if (what === 'rang') rang = false
        return what
      })
      return waiting
    },
  }
}

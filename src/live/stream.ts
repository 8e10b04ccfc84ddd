/** Writes the live stream to one connection for as long as it lives. */
import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { isUnavailable } from '../db/client.ts'
import { hearCustomerTyping } from './customer-typing.ts'
import { placeFrame, resetFrame } from './frame.ts'
import type { Hint } from './hint.ts'
import type { Hub } from './hub.ts'
import { compare, fromCursor, type Position } from './position.ts'
import { keepOpen, writeTo } from './socket.ts'

/** Where a connection begins. */
export interface Start {
  readonly epoch: string
  readonly position: Position
  /** Its cursor was none of ours: everything has to be fetched again. */
  readonly reset: boolean
}

/** `cursor` is `Last-Event-ID` or `?after=`; null: from now on. */
export async function startOf(hub: Hub, cursor: string | null): Promise<Start> {
  const [epoch, here] = await Promise.all([hub.epoch(), hub.here()])
  const resumed = cursor === null ? here : fromCursor(epoch, cursor)
  // From the future: the database was restored from a backup, and what the client saw may never have been.
  const known = resumed !== null && compare(resumed, here) <= 0
  return { epoch, position: known ? resumed : here, reset: !known }
}

export interface StreamOptions extends StreamTiming {
  readonly hub: Hub
  readonly response: ServerResponse
  readonly start: Start
  readonly brandIds: readonly string[] | null
  readonly words?: Pick<Hint, 'hear'>
  /** False: this person may not read on. Throws when that cannot be found out now. */
  readonly stillValid: () => Promise<boolean>
  /** The server stops. */
  readonly signal: AbortSignal
  readonly headers: Readonly<Record<string, number | string | string[] | undefined>>
}

export interface StreamTiming {
  /** A sign of life when there is nothing to say. Default 15,000. */
  readonly heartbeatMs?: number
  /** Default 4,000: whoever is signed out is cut off within five seconds. */
  readonly recheckMs?: number
  /** Default 10,000. */
  readonly stallMs?: number
}

/** Comes back after two to four seconds: all desks lose their stream in the same moment when a server restarts. */
const retryFrame = () => `retry: ${2_000 + Math.floor(Math.random() * 2_000)}\n`
/** Nobody reads on without having been checked for so long, even while the database cannot say. */
const uncheckedAtMostMs = 30_000

/**
 * Resolves when the connection is over. Nothing is queued here: one write at a time, and the next batch is taken when the
 * socket has accepted the last one. A client that does not take a write within `stallMs` is cut off and resumes.
 */
export async function streamTo(options: StreamOptions): Promise<void> {
  const { hub, response, brandIds } = options
  const { epoch, reset } = options.start
  const { heartbeatMs = 15_000, recheckMs = 4_000, stallMs = 10_000 } = options
  let position = options.start.position
  const over = new AbortController()
  const end = () => over.abort()
  response.once('close', end)
  response.once('error', end)
  options.signal.addEventListener('abort', end, { once: true })
  if (options.signal.aborted || response.destroyed) end()
  const leave = hub.join()
  let unhear = () => {}
  const check = recheck(options.stillValid, recheckMs, over)
  // Heard below, in `finally`; until then it must not count as unheard.
  check.catch(() => {})
  try {
    keepOpen(response)
    response.writeHead(200, {
      ...options.headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx would hold events back until its buffer is full.
      'x-accel-buffering': 'no',
      connection: 'keep-alive',
    })
    const greeting = `${retryFrame()}${placeFrame(epoch, position)}${reset ? resetFrame(epoch, position) : ''}`
    let going = await writeTo(response, greeting, stallMs, over.signal)
    let lastWrite = performance.now()
    // Whole frames, in between the others; a client that is behind has other things to hear.
    unhear = options.words
      ? hearCustomerTyping(options.words, brandIds, (text) => {
          if (!response.writableNeedDrain && !over.signal.aborted) response.write(text)
        })
      : unhear
    let seen: number | null = null
    while (going && !over.signal.aborted) {
      const batch = await nextOf(hub, position, brandIds, over.signal)
      const quietMs = performance.now() - lastWrite
      if (batch) position = batch.position
      const present = hub.presence.since(seen, brandIds)
      if (present) seen = present.seen
      const news = `${batch?.text ?? ''}${present?.text ?? ''}`
      const text = news || (quietMs >= heartbeatMs ? placeFrame(epoch, position) : '')
      if (text !== '') {
        going = await writeTo(response, text, stallMs, over.signal)
        lastWrite = performance.now()
      } else if (!batch) {
        await hub.changed(position, Math.max(heartbeatMs - quietMs, 1), over.signal)
      }
    }
  } finally {
    leave()
    unhear()
    over.abort()
    options.signal.removeEventListener('abort', end)
    finish(response)
    await check
  }
}

/** While the database is away the stream waits for it; it has nothing to say meanwhile. */
async function nextOf(hub: Hub, position: Position, brandIds: readonly string[] | null, signal: AbortSignal) {
  try {
    return await hub.next(position, brandIds)
  } catch (error) {
    if (!isUnavailable(error)) throw error
    await wait(1_000, undefined, { signal }).catch(() => {})
    return null
  }
}

async function recheck(stillValid: () => Promise<boolean>, everyMs: number, over: AbortController): Promise<void> {
  let checkedAt = performance.now()
  while (!over.signal.aborted) {
    // Spread, so that the checks of many streams do not come in one moment.
    await wait(everyMs * (0.75 + Math.random() / 4), undefined, { signal: over.signal, ref: false }).catch(() => {})
    if (over.signal.aborted) return
    try {
      if (!(await stillValid())) return over.abort()
      checkedAt = performance.now()
    } catch (error) {
      const mayWait = isUnavailable(error) && performance.now() - checkedAt < uncheckedAtMostMs
      if (mayWait) continue
      over.abort()
      throw error
    }
  }
}

/** Ends with the time to come back; a client that does not take even that is cut off. */
function finish(response: ServerResponse): void {
  if (response.destroyed || response.writableEnded) return
  if (!response.headersSent) return void response.destroy()
  const cut = setTimeout(() => response.destroy(), 1_000)
  response.once('close', () => clearTimeout(cut))
  response.end(`${retryFrame()}\n`)
}

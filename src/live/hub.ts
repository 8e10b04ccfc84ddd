/**
 * The stream of one node: one reader for all its connections, and the newest events in memory. Connections pull from here
 * at their own pace, so nothing is queued for any of them; one that falls behind what is kept reads for itself.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import PQueue from 'p-queue'
import type { Db, Sql } from '../db/client.ts'
import { resetFrame, rowFrame } from './frame.ts'
import type { Hint } from './hint.ts'
import { compare, type Position } from './position.ts'
import { createPresenceBoard, type PresenceBoard } from './presence.ts'
import { isFurtherThan, type Page, readAfter, readEpoch, readHorizon, readLag, type StreamRow } from './read.ts'
import { type Batch, createRecent, type Framed, mostEvents, toBatch } from './recent.ts'

export interface Hub {
  epoch(): Promise<string>
  /** Where the stream stands now: a connection without a cursor begins here. */
  here(): Promise<Position>
  /** Starts reading for a connection; call what it returns when that is over. */
  join(): () => void
  /**
   * Starts reading, and calls `fn` with what is new, whosesoever it is; null: something may have been missed. Call what it
   * returns when that is over.
   */
  follow(fn: (rows: readonly StreamRow[] | null) => void): () => void
  /** The next batch after `position` of these brands (null: all); null when there is nothing new. */
  next(position: Position, brandIds: readonly string[] | null): Promise<Batch | null>
  /** Resolves when there may be something after `position`, after `timeoutMs`, or when `signal` aborts. */
  changed(position: Position, timeoutMs: number, signal: AbortSignal): Promise<void>
  /** Who is in which ticket. What is new of it ends `changed`, so ask right before that, without waiting in between. */
  readonly presence: Pick<PresenceBoard, 'since'>
  close(): Promise<void>
}

export interface HubOptions {
  readonly db: Db
  readonly sql: Sql
  readonly hint: Pick<Hint, 'listen'>
  readonly log: Pick<FastifyBaseLogger, 'warn' | 'error'>
  /** How often to look without a hint. Default 1,000 ms. */
  readonly pollMs?: number
  /** At most one look in this time, so that events come in frames. Default 100 ms. */
  readonly spacingMs?: number
  /** Events kept in memory, about 300 bytes each. Default 4,096. */
  readonly keep?: number
  /** A connection further behind than this gets `reset`: fetching anew is cheaper for both. Default 50,000 events. */
  readonly farBehind?: number
}

const lagWarnMs = 5_000

export function createHub(options: HubOptions): Hub {
  const { db, sql, log } = options
  const pollMs = options.pollMs ?? 1_000
  const spacingMs = options.spacingMs ?? 100
  const keep = options.keep ?? 4_096
  const farBehind = options.farBehind ?? 50_000
  // After a restart every desk comes back at once: their reads must leave connections to everybody else.
  const reads = new PQueue({ concurrency: 3 })

  let epoch: Promise<string> | null = null
  const recent = createRecent(keep)
  const presence = createPresenceBoard(db)

  let members = 0
  let reader: Promise<void> | null = null
  let closed = false
  const over = new AbortController()
  const waiters = new Set<() => void>()
  const followers = new Set<(rows: readonly StreamRow[] | null) => void>()
  let hinted = false
  let resume = () => {}
  const unlisten = options.hint.listen(() => {
    hinted = true
    resume()
  })

  const getEpoch = () => {
    epoch ??= readEpoch(db).catch((error: unknown) => {
      epoch = null
      throw error
    })
    return epoch
  }

  function startReader(): void {
    reader ??= read().finally(() => {
      reader = null
      // Somebody joined in the moment between the last look and now.
      if (members > 0 && !closed) startReader()
    })
  }

  async function read(): Promise<void> {
    let broken = false
    while (members > 0 && !closed) {
      let more = false
      // Before the read: a hint during it may be about what it did not see.
      hinted = false
      try {
        const page = await readOnce()
        more = page.more
        if (await presence.look()) tellWaiters()
        // Committed, but a transaction that began earlier is still open: it ends within moments, and without a hint.
        if (page.held) {
          hinted = true
          await warnOfLag()
        }
        broken = false
      } catch (error) {
        if (!broken) log.error({ err: error }, 'the live stream cannot be read')
        broken = true
      }
      if (!more) await pause()
    }
    // Nobody listens: what was kept would only grow old.
    recent.forget()
    presence.forget()
  }

  async function readOnce(): Promise<Page> {
    const name = await getEpoch()
    if (!recent.position()) {
      recent.begin(await readHorizon(sql))
      tellWaiters()
      for (const follower of followers) follower(null)
    }
    const at = recent.position()!
    const page = await readAfter(sql, at, null, 1_000)
    if (compare(page.position, at) > 0) {
      recent.add(frames(name, page.rows), page.position)
      tellWaiters()
      if (page.rows.length > 0) for (const follower of followers) follower(page.rows)
    }
    return page
  }

  function tellWaiters(): void {
    for (const waiter of waiters) waiter()
  }

  let lagAskedAt = Number.NEGATIVE_INFINITY
  async function warnOfLag(): Promise<void> {
    if (performance.now() - lagAskedAt < lagWarnMs) return
    lagAskedAt = performance.now()
    const lagMs = await readLag(sql)
    if (lagMs > lagWarnMs) log.warn({ lagMs }, 'a transaction that stays open holds the live stream back')
  }

  /** At least `spacingMs`; from then on until a hint, at most `pollMs`. */
  async function pause(): Promise<void> {
    await wait(spacingMs, undefined, { signal: over.signal }).catch(() => {})
    if (hinted || closed) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pollMs)
      resume = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function fromDatabase(at: Position, brandIds: readonly string[] | null): Promise<Batch | null> {
    const name = await getEpoch()
    const page = await reads.add(() => readAfter(sql, at, brandIds, mostEvents))
    if (page.reset || (page.more && (await reads.add(() => isFurtherThan(sql, at, farBehind))))) {
      const now = await readHorizon(sql)
      return { text: resetFrame(name, now), position: now }
    }
    return compare(page.position, at) > 0 ? toBatch(frames(name, page.rows), 0, null, page.position) : null
  }

  function join(): () => void {
    members += 1
    startReader()
    let left = false
    return () => {
      if (!left) members -= 1
      left = true
    }
  }

  return {
    presence,
    epoch: getEpoch,
    here: () => readHorizon(sql),
    join,
    follow(fn) {
      followers.add(fn)
      const leave = join()
      // Where somebody else is reading already, what was read before this is over.
      if (recent.position()) fn(null)
      return () => {
        followers.delete(fn)
        leave()
      }
    },
    async next(at, brandIds) {
      const position = recent.position()
      if (position && compare(at, position) >= 0) return null
      return recent.after(at, brandIds) ?? (await fromDatabase(at, brandIds))
    },
    changed(at, timeoutMs, signal) {
      const position = recent.position()
      if ((position && compare(position, at) > 0) || signal.aborted || closed) return Promise.resolve()
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer)
          waiters.delete(done)
          signal.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, timeoutMs)
        waiters.add(done)
        signal.addEventListener('abort', done)
      })
    },
    async close() {
      closed = true
      unlisten()
      over.abort()
      resume()
      tellWaiters()
      await reader
    },
  }
}

const frames = (epoch: string, rows: readonly StreamRow[]): Framed[] =>
  rows.map((row) => ({ row, frame: rowFrame(epoch, row) }))

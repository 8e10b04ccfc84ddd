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
import { isFurtherThan, type Page, readAfter, readEpoch, readHorizon, readLag, type StreamRow } from './read.ts'

/** What one write to a connection carries at most. */
export const mostEvents = 256
export const mostBytes = 64 * 1024

/** What to send next. `position` is where the connection stands once that is sent. */
export interface Batch {
  /** Empty: nothing for these brands, only the position moved. */
  readonly text: string
  readonly position: Position
}

export interface Hub {
  epoch(): Promise<string>
  /** Where the stream stands now: a connection without a cursor begins here. */
  here(): Promise<Position>
  /** Starts reading for a connection; call what it returns when that is over. */
  join(): () => void
  /** The next batch after `position` of these brands (null: all); null when there is nothing new. */
  next(position: Position, brandIds: readonly string[] | null): Promise<Batch | null>
  /** Resolves when there may be something after `position`, after `timeoutMs`, or when `signal` aborts. */
  changed(position: Position, timeoutMs: number, signal: AbortSignal): Promise<void>
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

interface Kept {
  readonly row: StreamRow
  readonly frame: string
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
  /** Events in (`from`, `position`], the newest last. */
  let kept: Kept[] = []
  let from: Position | null = null
  let position: Position | null = null
  /** Joined texts, shared by the connections that stand at the same place with the same brands: nearly always all. */
  const shared = new Map<string, Batch>()
  const mostShared = 32

  let members = 0
  let reader: Promise<void> | null = null
  let closed = false
  const over = new AbortController()
  const waiters = new Set<() => void>()
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

  async function read(): Promise<void> {
    let broken = false
    let lagAskedAt = 0
    while (members > 0 && !closed) {
      let more = false
      // Before the read: a hint during it may be about what it did not see.
      hinted = false
      try {
        const page = await readOnce()
        more = page.more
        // Committed, but a transaction that began earlier is still open: it ends within moments, and without a hint.
        if (page.held) hinted = true
        if (performance.now() - lagAskedAt > 5 * lagWarnMs) {
          lagAskedAt = performance.now()
          const lagMs = await readLag(sql)
          if (lagMs > lagWarnMs) log.warn({ lagMs }, 'a transaction that stays open holds the live stream back')
        }
        broken = false
      } catch (error) {
        if (!broken) log.error({ err: error }, 'the live stream cannot be read')
        broken = true
      }
      if (!more) await pause()
    }
    // Nobody listens: what was kept would only grow old.
    kept = []
    from = null
    position = null
    shared.clear()
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

  function advance(to: Position): void {
    position = to
    shared.clear()
    for (const waiter of waiters) waiter()
  }

  async function readOnce(): Promise<Page> {
    const name = await getEpoch()
    if (!position) {
      from = await readHorizon(sql)
      advance(from)
    }
    const at = position!
    const page = await readAfter(sql, at, null, 1_000)
    if (compare(page.position, at) <= 0) return page
    for (const row of page.rows) kept.push({ row, frame: rowFrame(name, row) })
    if (kept.length > keep) {
      const dropped = kept.length - keep
      from = kept[dropped - 1]!.row
      kept = kept.slice(dropped)
    }
    advance(page.position)
    return page
  }

  /** From memory; null: `at` is older than what is kept. */
  function fromMemory(at: Position, brandIds: readonly string[] | null): Batch | null {
    if (!from || !position || compare(at, from) < 0) return null
    const key = `${at.xid}.${at.id} ${brandIds?.join() ?? ''}`
    const known = shared.get(key)
    if (known) return known
    const batch = join(kept, firstAfter(kept, at), brandIds, position)
    if (shared.size === mostShared) shared.clear()
    shared.set(key, batch)
    return batch
  }

  async function fromDatabase(at: Position, brandIds: readonly string[] | null): Promise<Batch | null> {
    const name = await getEpoch()
    const page = await reads.add(() => readAfter(sql, at, brandIds, mostEvents))
    if (page.reset || (page.more && (await reads.add(() => isFurtherThan(sql, at, farBehind))))) {
      const now = await readHorizon(sql)
      return { text: resetFrame(name, now), position: now }
    }
    if (compare(page.position, at) <= 0) return null
    const found = page.rows.map((row) => ({ row, frame: rowFrame(name, row) }))
    return join(found, 0, null, page.position)
  }

  return {
    epoch: getEpoch,
    here: () => readHorizon(sql),
    join() {
      members += 1
      reader ??= read().finally(() => {
        reader = null
      })
      let left = false
      return () => {
        if (left) return
        left = true
        members -= 1
      }
    },
    async next(at, brandIds) {
      if (position && compare(at, position) >= 0) return null
      return fromMemory(at, brandIds) ?? (await fromDatabase(at, brandIds))
    },
    changed(at, timeoutMs, signal) {
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
      for (const waiter of waiters) waiter()
      await reader
    },
  }
}

/** Frames from `index` on, as many as one write may carry. */
function join(list: readonly Kept[], index: number, brandIds: readonly string[] | null, end: Position): Batch {
  const texts: string[] = []
  let bytes = 0
  for (let at = index; at < list.length; at += 1) {
    const { row, frame } = list[at]!
    if (brandIds && !brandIds.includes(row.brandId)) continue
    // Frames are ASCII: ids, names of types and numbers.
    if (texts.length === mostEvents || bytes + frame.length > mostBytes) {
      return { text: texts.join(''), position: list[at - 1]!.row }
    }
    texts.push(frame)
    bytes += frame.length
  }
  return { text: texts.join(''), position: end }
}

/** Index of the first row after `at`; `list` is sorted. */
function firstAfter(list: readonly Kept[], at: Position): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare(list[middle]!.row, at) > 0) high = middle
    else low = middle + 1
  }
  return low
}

/** One row an exchange with a platform, written in batches behind the exchange: a send never waits for its log. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { sql } from 'drizzle-orm'
import type { FastifyBaseLogger } from 'fastify'
import { type Db, isUnavailable } from '../db/client.ts'
import { channelLog } from '../db/schema.ts'

export type LogRow = typeof channelLog.$inferInsert

export interface ChannelLog {
  /** Returns at once. Texts are redacted and cut already. */
  write(row: LogRow): void
  /** Resolves when all that was written so far is stored, or given up. */
  flush(): Promise<void>
  /** Stores the rest. What comes later, or cannot be stored now, is lost. */
  close(): Promise<void>
}

export interface ChannelLogOptions {
  readonly db: Db
  readonly log: Pick<FastifyBaseLogger, 'warn' | 'error'>
  /** Rows are written when this many wait, or after `delayMs`. */
  readonly batch?: number
  readonly delayMs?: number
  /** Rows that may wait while the database is away; beyond it the oldest go. */
  readonly capacity?: number
}

const delivery = new AsyncLocalStorage<string>()

/** Exchanges made in `fn` belong to this delivery. `Connection.send` and `findSent` of an open account do it themselves. */
export function withDelivery<T>(id: string, fn: () => T): T {
  return delivery.run(id, fn)
}

export function currentDelivery(): string | null {
  return delivery.getStore() ?? null
}

export function createChannelLog(options: ChannelLogOptions): ChannelLog {
  const { db, log, batch = 200, delayMs = 250, capacity = 5000 } = options
  let waiting: LogRow[] = []
  let lost = 0
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> | null = null
  let failures = 0
  let closed = false

  const schedule = (ms: number) => {
    if (closed) return
    timer ??= setTimeout(() => {
      timer = null
      void flush()
    }, ms).unref()
  }

  async function store(): Promise<void> {
    const rows = waiting.slice(0, batch)
    try {
      await db.insert(channelLog).values(rows)
      failures = 0
    } catch (error) {
      if (isUnavailable(error) && failures < 20) {
        failures += 1
        return
      }
      // A row the database refuses would stand in front of all others for ever: support loses lines, nobody a message.
      log.error({ err: error, rows: rows.length }, 'channel log: lines could not be stored')
      failures = 0
    }
    const stored = new Set(rows)
    waiting = waiting.filter((row) => !stored.has(row))
    if (lost > 0) log.warn({ lost }, 'channel log: lines were dropped while the database was away')
    lost = 0
  }

  async function run(): Promise<void> {
    do await store()
    while (waiting.length > 0 && failures === 0)
    if (waiting.length > 0) schedule(Math.min(5000, delayMs * 2 ** failures))
  }

  function flush(): Promise<void> {
    if (waiting.length === 0) return writing ?? Promise.resolve()
    writing ??= run().finally(() => {
      writing = null
    })
    return writing
  }

  const pruning = setInterval(() => {
    pruneChannelLog(db).catch((error: unknown) => log.warn({ err: error }, 'channel log: old lines were not deleted'))
  }, 3_600_000).unref()

  return {
    write(row) {
      if (closed) return
      waiting.push(row)
      if (waiting.length > capacity) {
        waiting.shift()
        lost += 1
      }
      if (waiting.length >= batch) void flush()
      else schedule(delayMs)
    },
    flush,
    async close() {
      closed = true
      if (timer) clearTimeout(timer)
      clearInterval(pruning)
      await flush()
      if (waiting.length > 0) log.warn({ lost: waiting.length }, 'channel log: lines were lost at the end')
    },
  }
}

/** Deletes lines older than `days`, 5,000 at a time; resolves to how many. Lines hold customers' words. */
export async function pruneChannelLog(db: Db, days = 30, nowMs = Date.now()): Promise<number> {
  // The ids are UUIDv7: the primary key is in order of time, and no index on `at` alone is needed.
  const hex = Math.max(0, nowMs - days * 86_400_000)
    .toString(16)
    .padStart(12, '0')
  const oldest = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
  let total = 0
  for (;;) {
    const { count } = await db.execute(sql`
      delete from channel_log where id in (select id from channel_log where id < ${oldest}::uuid order by id limit 5000)`)
    total += count
    if (count < 5000) return total
  }
}

/** Reads the accounts this node owns: by polling, or by a connection that stays open. */

import { setTimeout as pause } from 'node:timers/promises'
import { and, eq, sql } from 'drizzle-orm'
import type { FastifyBaseLogger } from 'fastify'
import type { Connections, OpenAccount } from '../accounts/connections.ts'
import { ReadError } from '../channel/errors.ts'
import { type Db, isUnavailable } from '../db/client.ts'
import { pollCursors } from '../db/schema.ts'
import { Refused } from '../problem.ts'
import { FenceLost, type Ingest } from './ingest.ts'
import { describe } from './unread.ts'

export interface PollerDeps {
  readonly db: Db
  readonly connections: Connections
  readonly leases: { readonly node: string; owned(): ReadonlyMap<string, number> }
  readonly ingest: Ingest
  /** Tells the administrator that an account cannot be read. */
  readonly reportHealth: (accountId: string, error: ReadError | null) => Promise<void>
  readonly log: FastifyBaseLogger
  readonly passing?: (point: PollPoint) => void | Promise<void>
}
export type PollPoint = 'poll:fetched'

export interface Poller {
  start(): void
  /** Reads nothing more, and waits for what runs at most `graceMs`: an adapter may not heed its signal. */
  stop(graceMs?: number): Promise<void>
}

/** How often the set of owned accounts is looked at, and how soon a nudge of another node is noticed. */
const LOOK_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

interface Reader {
  readonly settingsVersion: number
  readonly fence: number
  readonly abort: AbortController
  readonly done: Promise<unknown>
}

export function createPoller(deps: PollerDeps): Poller {
  const readers = new Map<string, Reader>()
  let timer: NodeJS.Timeout | null = null
  let looking: Promise<void> | null = null

  /** One reader per stream, and one per open connection, of each account this node owns. */
  async function look(): Promise<void> {
    const wanted = new Map<
      string,
      { account: OpenAccount; fence: number; run: (signal: AbortSignal) => Promise<void> }
    >()
    for (const [accountId, fence] of deps.leases.owned()) {
      const account = await deps.connections.get(accountId)
      if (!account) continue
      for (const stream of account.connection.streams?.() ?? []) {
        wanted.set(`${accountId} ${stream}`, {
          account,
          fence,
          run: (signal) => poll(deps, account, stream, fence, signal),
        })
      }
      if (account.connection.listen) {
        wanted.set(`${accountId} `, { account, fence, run: (signal) => listen(deps, account, signal) })
      }
    }
    for (const [key, reader] of readers) {
      const now = wanted.get(key)
      if (now?.fence === reader.fence && now.account.settingsVersion === reader.settingsVersion) continue
      reader.abort.abort()
      readers.delete(key)
    }
    for (const [key, { account, fence, run }] of wanted) {
      if (readers.has(key)) continue
      const abort = new AbortController()
      const { settingsVersion } = account
      readers.set(key, { settingsVersion, fence, abort, done: run(abort.signal) })
    }
  }

  function tick(): void {
    looking ??= look()
      .catch((error) => {
        if (!isUnavailable(error)) deps.log.error({ err: error }, 'poller: looking at the accounts failed')
      })
      .finally(() => {
        looking = null
      })
  }

  return {
    start() {
      timer = setInterval(tick, LOOK_MS)
      tick()
    },
    async stop(graceMs = 10_000) {
      if (timer) clearInterval(timer)
      await looking
      for (const { abort } of readers.values()) abort.abort()
      const grace = new AbortController()
      const all = Promise.all([...readers.values()].map(({ done }) => done))
      await Promise.race([all, sleep(graceMs, grace.signal)])
      grace.abort()
      readers.clear()
    },
  }
}

/** Until the signal: read, store with the cursor in one transaction, go on. What was not stored is read again. */
async function poll(
  deps: PollerDeps,
  account: OpenAccount,
  stream: string,
  fence: number,
  signal: AbortSignal,
): Promise<void> {
  const { node } = deps.leases
  let failures = 0
  while (!signal.aborted) {
    try {
      const { waitMs, foundAt, ...at } = await position(deps.db, account.id, stream)
      if (waitMs > 0) {
        await sleep(Math.min(waitMs, LOOK_MS), signal)
        continue
      }
      const { events, cursor, more, nextAt } = await account.connection.poll!({ stream, ...at }, signal)
      await deps.passing?.('poll:fetched')
      const write = { stream, cursor, nextAt: more ? null : nextAt, hint: at.hint, foundAt, node, fence }
      if (events.length > 0 || cursor !== at.cursor || at.hint !== null || write.nextAt !== null) {
        await deps.ingest.submit(account, events, { cursor: write })
      }
      if (failures > 0) await deps.reportHealth(account.id, null)
      failures = 0
    } catch (error) {
      if (signal.aborted || error instanceof FenceLost) return
      failures += 1
      if (error instanceof ReadError) await report(deps, account, error)
      else if (!isUnavailable(error) && !(error instanceof Refused)) {
        deps.log.warn({ accountId: account.id, stream, reason: describe(error) }, 'poller: a read failed')
      }
      await sleep(pauseAfter(error, failures), signal)
    }
  }
}

/** How long to wait is the database's to say: a node whose clock is behind would read late, one ahead too often. */
async function position(db: Db, accountId: string, stream: string) {
  const { cursor, hint, nextAt } = pollCursors
  const [row] = await db
    .select({
      cursor,
      hint,
      waitMs: sql<number>`(extract(epoch from ${nextAt} - now()) * 1000)::float8`,
      foundAt: sql<string>`${nextAt}::text`,
    })
    .from(pollCursors)
    .where(and(eq(pollCursors.accountId, accountId), eq(pollCursors.stream, stream)))
  return row ?? { cursor: null, hint: null, waitMs: 0, foundAt: '-infinity' }
}

/** Until the signal: keep the connection open; when it breaks, open it again. */
async function listen(deps: PollerDeps, account: OpenAccount, signal: AbortSignal): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    try {
      await account.connection.listen!(async (events) => {
        failures = 0
        await deps.ingest.submit(account, events)
      }, signal)
      if (!signal.aborted) throw new ListenEnded()
    } catch (error) {
      if (signal.aborted) return
      failures += 1
      if (error instanceof ReadError) await report(deps, account, error)
      else deps.log.warn({ accountId: account.id, reason: describe(error) }, 'poller: a connection broke')
      await sleep(pauseAfter(error, failures), signal)
    }
  }
}

async function report(deps: PollerDeps, account: OpenAccount, error: ReadError): Promise<void> {
  try {
    await deps.reportHealth(account.id, error)
  } catch (failure) {
    deps.log.warn({ accountId: account.id, reason: describe(failure) }, 'poller: health could not be written')
  }
}

/** It should have stayed open until the signal. Opened again at once it would be opened without end. */
class ListenEnded extends Error {
  override readonly name = 'ListenEnded'
}

/** The platform's own time as far as it lies ahead, or 1 s doubling to a minute. */
function pauseAfter(error: unknown, failures: number): number {
  const after = error instanceof ReadError ? error.after : null
  const aheadMs = after ? after.getTime() - Date.now() : 0
  // A timer beyond 24 days would fire at once.
  if (aheadMs > 0) return Math.min(aheadMs, 86_400_000)
  return Math.min(2 ** (failures - 1) * 1_000, LONGEST_PAUSE_MS)
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(ms, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

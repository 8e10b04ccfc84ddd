/**
 * Which threads have something new, for all who watch one on this node: one look at the live stream and one query for all
 * of them, however many there are.
 */
import type { FastifyBaseLogger } from 'fastify'
import type { Sql } from '../db/client.ts'
import type { Hub } from '../live/hub.ts'
import type { StreamRow } from '../live/read.ts'

export interface ThreadChanges {
  /** Calls `wake` when the thread may have something new. Returns how to stop that. */
  watch(accountId: string, threadId: string, wake: () => void): () => void
}

export interface ThreadChangesOptions {
  readonly sql: Sql
  readonly hub: Pick<Hub, 'follow'>
  readonly log: Pick<FastifyBaseLogger, 'error'>
}

export function createThreadChanges({ sql, hub, log }: ThreadChangesOptions): ThreadChanges {
  /** By account, then thread. */
  const watched = new Map<string, Map<string, Set<() => void>>>()
  let unfollow: (() => void) | null = null
  let tickets = new Set<string>()
  let looking = false

  function wakeAll(): void {
    for (const threads of watched.values()) for (const wakes of threads.values()) for (const wake of wakes) wake()
  }

  function take(rows: readonly StreamRow[] | null): void {
    if (rows === null) return wakeAll()
    for (const { ticketId } of rows) if (ticketId !== null) tickets.add(ticketId)
    if (!looking) void look()
  }

  async function look(): Promise<void> {
    looking = true
    while (tickets.size > 0 && watched.size > 0) {
      const ids = [...tickets]
      tickets = new Set()
      try {
        for (const { accountId, threadId } of await threadsOf(ids)) {
          for (const wake of watched.get(accountId)?.get(threadId) ?? []) wake()
        }
      } catch (error) {
        log.error({ err: error }, 'what is new in watched threads cannot be read')
        wakeAll()
      }
    }
    looking = false
  }

  /** A person's tickets and a person's threads: a reply on an older ticket is new in the thread as well. */
  const threadsOf = (ticketIds: readonly string[]) => sql<{ accountId: string; threadId: string }[]>`
    select t.account_id as "accountId", t.external_id as "threadId"
    from tickets k join identities i on i.contact_id = k.contact_id join threads t on t.identity_id = i.id
    where k.id = any(${`{${ticketIds.join(',')}}`}::uuid[]) and t.account_id = any(${`{${[...watched.keys()].join(',')}}`}::uuid[])`

  return {
    watch(accountId, threadId, wake) {
      const threads = watched.get(accountId) ?? new Map<string, Set<() => void>>()
      const wakes = threads.get(threadId) ?? new Set()
      watched.set(accountId, threads)
      threads.set(threadId, wakes)
      wakes.add(wake)
      unfollow ??= hub.follow(take)
      return () => {
        wakes.delete(wake)
        if (wakes.size > 0 || threads.get(threadId) !== wakes) return
        threads.delete(threadId)
        if (threads.size > 0 || watched.get(accountId) !== threads) return
        watched.delete(accountId)
        if (watched.size > 0) return
        tickets.clear()
        unfollow?.()
        unfollow = null
      }
    },
  }
}

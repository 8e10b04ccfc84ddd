/**
 * Which node polls, listens and sends for an account. Every lease ends by the database's clock; a node gives its own up
 * earlier, by its own clock, so that there is a time with no owner and never one with two. Whoever writes under a lease
 * also carries its fence, which rises with every change of hands: a node that was frozen between two lines writes nothing.
 */
import { sql as drizzleSql, type SQL } from 'drizzle-orm'
import type { FastifyBaseLogger } from 'fastify'
import type { Sql, Tx } from '../db/client.ts'
import { release, renew, takeFree } from './lease-rows.ts'

export interface Leases {
  readonly node: string
  /** Accounts this node owns now, with the fence of each. Look every time: what it gave before may be over. */
  owned(): ReadonlyMap<string, number>
  /** Called after accounts came or went, for whatever reason. Returns the way to stop it. */
  onChange(listener: () => void): () => void
  /** Takes what is free now; later by itself. Does not reject. */
  start(): Promise<void>
  /** An account was added or removed here: look now. */
  wake(): void
  /** Gives everything back at once, so that other nodes need not wait. Call it when nothing is written any more. */
  close(): Promise<void>
}

export interface LeasesOptions {
  /** Best a small pool of its own: a renewal that waits for a free connection comes late. */
  readonly sql: Sql
  /** Unique among all processes, a restarted one included. */
  readonly node: string
  /** Accounts of other channels are left to nodes that know them. Default: all. */
  readonly channels?: ReadonlySet<string> | ReadonlyMap<string, unknown>
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>
  /** Default 10,000. */
  readonly ttlMs?: number
  /** Default 3,000. */
  readonly renewMs?: number
  /** How long before its end a lease counts as over here. Default 2,000. */
  readonly marginMs?: number
}

interface Held {
  readonly fence: number
  /** By the steady clock, which stands still while the machine sleeps … */
  readonly steadyUntil: number
  /** … and by the wall clock, which does not. */
  readonly wallUntil: number
}

export function createLeases(options: LeasesOptions): Leases {
  const { sql, node, log, ttlMs = 10_000, renewMs = 3_000, marginMs = 2_000 } = options
  const channels = options.channels ? [...options.channels.keys()] : null
  const held = new Map<string, Held>()
  const listeners = new Set<() => void>()
  let timer: NodeJS.Timeout | undefined
  let expiry: NodeJS.Timeout | undefined
  let round: Promise<void> | null = null
  let outage = false
  let closed = false

  /** `from` was read before the statement left: the database's own end cannot be earlier than this one. */
  const heldFrom = (fence: number, from: { steady: number; wall: number }): Held => ({
    fence,
    steadyUntil: from.steady + ttlMs - marginMs,
    wallUntil: from.wall + ttlMs - marginMs,
  })
  const clocks = () => ({ steady: performance.now(), wall: Date.now() })
  const holds = ({ steadyUntil, wallUntil }: Held) => performance.now() < steadyUntil && Date.now() < wallUntil

  function dropOver(): void {
    const over = [...held].filter(([, lease]) => !holds(lease))
    for (const [accountId] of over) held.delete(accountId)
    if (over.length > 0) {
      log.warn({ node, accounts: over.length }, 'leases were not renewed in time; their accounts are let go')
      tell()
    }
  }

  function tell(): void {
    for (const listener of listeners) listener()
  }

  function watchExpiry(): void {
    clearTimeout(expiry)
    if (held.size === 0) return
    const first = Math.min(...[...held.values()].map(({ steadyUntil }) => steadyUntil))
    expiry = setTimeout(
      () => {
        dropOver()
        watchExpiry()
      },
      Math.max(0, first - performance.now()) + 1,
    ).unref()
  }

  /** Renews, then takes what is free. Resolves to whether some rows were locked and have to be tried again soon. */
  async function go(): Promise<boolean> {
    dropOver()
    const before = ownedKey()
    let locked = false
    if (held.size > 0) {
      const at = clocks()
      const mine = [...held].map(([accountId, { fence }]) => ({ accountId, fence }))
      for (const { accountId, fence, state } of await renew(sql, node, mine, ttlMs)) {
        const now = held.get(accountId)
        // A round that was given up may answer late, after a newer one.
        if (now?.fence !== fence || closed) continue
        if (state === 'renewed') held.set(accountId, later(now, heldFrom(fence, at)))
        else if (state === 'lost') held.delete(accountId)
        else locked = true
      }
    }
    if (!closed) {
      const at = clocks()
      for (const { accountId, fence } of await takeFree(sql, node, channels, ttlMs)) {
        if (closed || (held.get(accountId)?.fence ?? 0) > fence) continue
        held.set(accountId, heldFrom(fence, at))
        log.info({ node, accountId, fence }, 'this node has the account now')
      }
    }
    dropOver()
    watchExpiry()
    if (ownedKey() !== before) tell()
    return locked
  }

  const ownedKey = () => JSON.stringify([...held].map(([accountId, { fence }]) => [accountId, fence]).sort())

  function tick(): Promise<void> {
    round ??= withTimeout(go(), ttlMs / 2)
      .then(
        (locked) => {
          outage = false
          schedule(locked ? renewMs / 10 : renewMs)
        },
        (error: unknown) => {
          // Said once per outage. What is held runs out by itself.
          if (!outage) log.error({ err: error, node }, 'leases cannot be renewed')
          outage = true
          schedule(Math.min(renewMs, 1000))
        },
      )
      .finally(() => {
        round = null
      })
    return round
  }

  function schedule(ms: number): void {
    clearTimeout(timer)
    if (!closed) timer = setTimeout(tick, ms).unref()
  }

  return {
    node,
    owned() {
      // A process that was stopped and goes on runs this before any of its timers.
      return new Map([...held].filter(([, lease]) => holds(lease)).map(([accountId, { fence }]) => [accountId, fence]))
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start: tick,
    wake() {
      // A round that runs may have looked already.
      void (round ? round.then(tick) : tick())
    },
    async close() {
      closed = true
      clearTimeout(timer)
      clearTimeout(expiry)
      await round
      clearTimeout(timer)
      const mine = [...held].map(([accountId, { fence }]) => ({ accountId, fence }))
      held.clear()
      if (mine.length > 0) tell()
      try {
        await withTimeout(release(sql, node, mine), ttlMs / 2)
      } catch (error) {
        log.warn({ err: error, node }, 'leases were not given back; they end by themselves')
      }
    },
  }
}

const later = (a: Held, b: Held): Held => (a.steadyUntil > b.steadyUntil ? a : b)

/**
 * For a WHERE: this node owns the account at this moment. What must not be committed after a change of hands either
 * takes {@link lockLease} in the same transaction.
 */
export function holdsLease(accountId: string | SQL, node: string, fence: number | SQL): SQL<boolean> {
  return drizzleSql<boolean>`exists (
    select from account_leases
    where account_id = ${accountId} and node = ${node} and fence = ${fence} and expires_at > clock_timestamp())`
}

/** True when this node owns the account, and then until the end of the transaction: nobody can take it meanwhile. */
export async function lockLease(tx: Tx, accountId: string, node: string, fence: number): Promise<boolean> {
  const rows = await tx.execute(drizzleSql`
    select 1 from account_leases
    where account_id = ${accountId} and node = ${node} and fence = ${fence} and expires_at > clock_timestamp()
    for key share`)
  return rows.length > 0
}

/** A statement whose connection fell silent never settles; the next round must not wait for it. */
async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer from the database within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Small values of an adapter (tokens, most of all), sealed, one row a key, with a lease for whoever renews one. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { ReadError } from '../channel/errors.ts'
import type { Logger, State } from '../channel/tools.ts'
import type { Sql } from '../db/client.ts'
import type { Seal } from '../seal.ts'

export interface AdapterStateOptions {
  readonly sql: Sql
  readonly seal: Seal
  readonly accountId: string
  readonly log: Logger
  /** Every value read or written, so that it can be kept out of logs. */
  readonly seen: (value: string) => void
  /** How long `fn` of `exclusive` has, by the database's clock, and how long others wait for it. Default 15 s. */
  readonly leaseMs?: number
}

/** The leases this chain of calls is inside of: a late `set` is recognised by them. */
interface Held {
  readonly scope: object
  readonly key: string
  readonly holder: string
  readonly outer: Held | undefined
}
const inside = new AsyncLocalStorage<Held>()

function holding(scope: object, key: string): Held | undefined {
  let at = inside.getStore()
  while (at && (at.scope !== scope || at.key !== key)) at = at.outer
  return at
}

export function createAdapterState(options: AdapterStateOptions): State {
  const { sql, seal, accountId, log, seen, leaseMs = 15_000 } = options
  const scope = {}
  const context = (key: string) => `adapter_state:${accountId}:${key}`
  /** Callers of this process stand in line here, and only the first of them asks the database. */
  const lines = new Map<string, Promise<unknown>>()

  const unsealed = (key: string, sealed: Uint8Array | null | undefined): string | null => {
    if (!sealed) return null
    const value = seal.open(sealed, context(key)).toString()
    seen(value)
    return value
  }

  async function write(key: string, value: string | null): Promise<void> {
    if (value !== null) seen(value)
    const sealed = value === null ? null : seal.seal(value, context(key))
    const held = holding(scope, key)
    if (held) {
      // Frozen or slow for longer than the lease: another has fetched a newer token since, which must stay.
      const { count } = await sql`
        update adapter_state set value_sealed = ${sealed}, updated_at = now()
        where account_id = ${accountId} and key = ${key} and lease_holder = ${held.holder} and lease_until > now()`
      if (count === 0) throw later()
      return
    }
    await sql`
      insert into adapter_state (account_id, key, value_sealed) values (${accountId}, ${key}, ${sealed})
      on conflict (account_id, key) do update set value_sealed = excluded.value_sealed, updated_at = now()`
  }

  /** Takes the row's lease when it is free, and gives the sealed value as it is then; undefined: somebody has it. */
  async function take(key: string, holder: string): Promise<{ sealed: Buffer | null } | undefined> {
    const [row] = await sql<{ sealed: Buffer | null }[]>`
      insert into adapter_state as s (account_id, key, lease_holder, lease_until)
      values (${accountId}, ${key}, ${holder}, now() + ${leaseMs} * interval '1 millisecond')
      on conflict (account_id, key) do update set lease_holder = excluded.lease_holder, lease_until = excluded.lease_until
      where s.lease_until is null or s.lease_until <= now()
      returning value_sealed as sealed`
    return row
  }

  async function giveBack(key: string, holder: string): Promise<void> {
    try {
      await sql`
        update adapter_state set lease_holder = null, lease_until = null
        where account_id = ${accountId} and key = ${key} and lease_holder = ${holder}`
    } catch (error) {
      // What `fn` brought is worth more than the lease, which ends by itself.
      log.warn({ err: error, accountId, key }, 'a lease was not given back; it ends by itself')
    }
  }

  async function takeWaiting(key: string, holder: string, deadline: number): Promise<{ sealed: Buffer | null }> {
    // A poll, because the one who holds it may be on another node, and may be dead.
    for (let waitMs = 20; ; waitMs = Math.min(250, waitMs * 1.5)) {
      const taken = await take(key, holder)
      if (taken) return taken
      if (performance.now() > deadline) throw later()
      await pause(waitMs * (0.75 + Math.random() / 2))
    }
  }

  return {
    async get(key) {
      const [row] = await sql<{ sealed: Buffer | null }[]>`
        select value_sealed as sealed from adapter_state where account_id = ${accountId} and key = ${key}`
      return unsealed(key, row?.sealed)
    },
    set: (key, value) => write(key, value),
    // The row stays: it may carry a lease.
    delete: (key) => write(key, null),
    exclusive(key, fn) {
      if (holding(scope, key)) throw new Error(`exclusive(${key}) inside of itself would wait for itself`)
      const holder = randomUUID()
      const turn = async () => {
        // A dead holder's lease ends after `leaseMs`; a moment more, so that the one who waited is there then.
        const { sealed } = await takeWaiting(key, holder, performance.now() + leaseMs + 1000)
        try {
          const held = { scope, key, holder, outer: inside.getStore() }
          return await inside.run(held, () => fn(unsealed(key, sealed)))
        } finally {
          await giveBack(key, holder)
        }
      }
      const previous = lines.get(key) ?? Promise.resolve()
      const result = waitFor(previous, leaseMs + 1000).then(turn)
      const settled = result.then(
        () => {},
        () => {},
      )
      lines.set(key, settled)
      void settled.then(() => lines.get(key) === settled && lines.delete(key))
      return result
    },
  }
}

/** `previous` never rejects. */
async function waitFor(previous: Promise<unknown>, ms: number): Promise<void> {
  const over = new AbortController()
  const tooLong = pause(ms, 'late', { signal: over.signal }).catch(() => 'stopped')
  const first = await Promise.race([previous, tooLong])
  over.abort()
  if (first === 'late') throw later()
}

const later = () =>
  new ReadError('later', {
    text: { en: 'Another process is renewing the access; try again.', zh: '另一进程正在更新访问凭据，请稍后再试。' },
  })

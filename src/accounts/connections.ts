/** Open connections of this node, one per account, opened on first use and again when the settings change. */
import { and, inArray, isNull } from 'drizzle-orm'
import type { Adapter, Connection, Intake } from '../channel/adapter.ts'
import type { EntryForm } from '../channel/entry.ts'
import type { Bilingual } from '../channel/errors.ts'
import { accounts, type TicketPer } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { createChannelLog } from './channel-log.ts'
import { coalesce } from './coalesce.ts'
import { setHealth } from './health.ts'
import { type AccountRow, type Opened, openAccount, retire } from './open-account.ts'
import { createSafeFetch, type SafeFetch } from './safe-fetch.ts'
import { nothingOfOurs, type Ours } from './tools.ts'

export interface OpenAccount {
  readonly id: string
  readonly brandId: string
  readonly name: string
  readonly adapter: Adapter<unknown>
  readonly connection: Connection
  readonly settingsVersion: number
  readonly reopenWithinMs: number
  readonly ticketPer: TicketPer
  readonly intake: Intake
  /** Null: the surface's own default. */
  readonly undoMs: number | null
  /** What people write down by hand for it; none: nothing. */
  readonly entryForm?: EntryForm | null
  /**
   * Aborts when the settings changed or the account was removed: long calls (a long poll, `listen`) are given up then
   * and made again on what `get` gives. Calls that run are waited for before the old connection is closed.
   */
  readonly replaced: AbortSignal
}

export interface Connections {
  /**
   * Null when there is no such account, it was removed, its channel is not in the list, or its settings cannot be read
   * (see `broken`). Served from memory; changes by other nodes are seen within two seconds. Rejects only when an account
   * is asked for that was never seen while the database is away.
   */
  get(accountId: string): Promise<OpenAccount | null>
  /** Every account that is not removed and can be opened. */
  all(): Promise<readonly OpenAccount[]>
  /** Why an account that exists cannot be opened here; null: it can, or there is none. As of the last look. */
  broken(accountId: string): Bilingual | null
  /** This node changed the account: look again at the next `get`. */
  changed(accountId: string): void
  /** Waits for running calls (5 s at most), closes, stores the rest of the channel log. */
  close(): Promise<void>
}

export interface ConnectionsOptions {
  /** How often changes by others are looked for. Default 1,000 ms. */
  readonly watchMs?: number
  /** How long calls on a replaced connection may go on. Default 40,000 ms: longer than an upload. */
  readonly graceMs?: number
  /** For tests: a resolver that lies. */
  readonly safeFetch?: SafeFetch
  /** For channels whose platform is us. Left out: no files and no words. */
  readonly ours?: Ours
}

/** Unknown ids cost a query; however many come, not more often than this. */
const unknownEveryMs = 100
/** How long `close` waits for calls. */
const closeMs = 5000
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu

type Known = Opened | { readonly version: number; readonly broken: Bilingual }

export function createConnections(deps: Omit<Deps, 'connections'>, options: ConnectionsOptions = {}): Connections {
  const { db, log } = deps
  const { watchMs = 1000, graceMs = 40_000, safeFetch = createSafeFetch(), ours = nothingOfOurs } = options
  const channelLog = createChannelLog({ db, log })
  const known = new Map<string, Known>()
  /** Accounts to look at again; the value tells a later change from the one a look has seen. */
  const stale = new Map<string, object>()
  const retiring = new Set<Promise<void>>()
  const hurry = new AbortController()
  let loaded = false
  let closed = false
  let outage = false
  let timer: NodeJS.Timeout | null = null

  const look = coalesce(reload, unknownEveryMs)

  async function reload(): Promise<void> {
    if (closed) return
    const seen = [...stale]
    const rows = await db
      .select({
        id: accounts.id,
        brandId: accounts.brandId,
        channel: accounts.channel,
        name: accounts.name,
        settingsVersion: accounts.settingsVersion,
        reopenWithinMs: accounts.reopenWithinMs,
        ticketPer: accounts.ticketPer,
        intake: accounts.intake,
        undoMs: accounts.undoMs,
      })
      .from(accounts)
      .where(isNull(accounts.removedAt))
    const changed = rows.filter((row) => versionOf(known.get(row.id)) !== row.settingsVersion)
    const sealed = await sealedSettings(changed.map(({ id }) => id))
    for (const row of changed) {
      const settings = sealed.get(row.id)
      // Changed again between the two queries: the next look has both.
      if (settings?.version === row.settingsVersion) await open(row, settings.sealed)
    }
    const present = new Map(rows.map((row) => [row.id, row]))
    for (const [id, entry] of known) {
      const row = present.get(id)
      if (!row) {
        known.delete(id)
        letGo(entry)
      } else if ('account' in entry) entry.account = { ...entry.account, ...unversioned(row) }
    }
    loaded = true
    for (const [id, change] of seen) if (stale.get(id) === change) stale.delete(id)
  }

  async function open(row: AccountRow, sealed: Buffer): Promise<void> {
    const before = known.get(row.id)
    const result = await openAccount(row, sealed, { ...deps, channelLog, safeFetch, ours })
    if (!result) return
    if ('broken' in result && deps.channels.has(row.channel)) {
      log.error({ err: result.cause, accountId: row.id, channel: row.channel }, 'an account cannot be opened')
      await setHealth(deps, row.id, row.settingsVersion, { state: 'warning', text: result.broken })
    }
    known.set(row.id, 'broken' in result ? { version: row.settingsVersion, broken: result.broken } : result)
    if (before) letGo(before)
  }

  async function sealedSettings(ids: readonly string[]): Promise<Map<string, { version: number; sealed: Buffer }>> {
    if (ids.length === 0) return new Map()
    const rows = await db
      .select({ id: accounts.id, version: accounts.settingsVersion, sealed: accounts.settingsSealed })
      .from(accounts)
      .where(and(inArray(accounts.id, [...ids]), isNull(accounts.removedAt)))
    return new Map(rows.map((row) => [row.id, row]))
  }

  function letGo(entry: Known): void {
    if (!('account' in entry)) return
    const gone = retire(entry, { graceMs, hurry: hurry.signal }, log).finally(() => retiring.delete(gone))
    retiring.add(gone)
  }

  function watch(): void {
    timer ??= setInterval(() => {
      look.run().then(
        () => {
          outage = false
        },
        (error: unknown) => {
          // Said once per outage. What is open stays open.
          if (!outage) log.error({ err: error }, 'accounts cannot be looked at')
          outage = true
        },
      )
    }, watchMs).unref()
  }

  return {
    async get(accountId) {
      if (closed || !uuid.test(accountId)) return null
      watch()
      const entry = known.get(accountId)
      if (!entry || stale.has(accountId)) {
        try {
          await look.run()
        } catch (error) {
          if (!entry) throw error
        }
      }
      const now = known.get(accountId)
      return now && 'account' in now ? now.account : null
    },
    async all() {
      if (closed) return []
      watch()
      if (!loaded || stale.size > 0) await look.run()
      return [...known.values()].flatMap((entry) => ('account' in entry ? [entry.account] : []))
    },
    broken(accountId) {
      const entry = known.get(accountId)
      return entry && 'broken' in entry ? entry.broken : null
    },
    changed(accountId) {
      stale.set(accountId, {})
    },
    async close() {
      if (closed) return
      closed = true
      if (timer) clearInterval(timer)
      await look.idle()
      for (const entry of known.values()) letGo(entry)
      known.clear()
      const patience = setTimeout(() => hurry.abort(), closeMs)
      await Promise.all(retiring)
      clearTimeout(patience)
      await channelLog.close()
      await safeFetch.close()
    },
  }
}

function versionOf(entry: Known | undefined): number | null {
  if (!entry) return null
  return 'account' in entry ? entry.account.settingsVersion : entry.version
}

/** What may change without opening again. */
function unversioned({ brandId, name, reopenWithinMs, ticketPer, intake, undoMs }: AccountRow) {
  return { brandId, name, reopenWithinMs, ticketPer, intake, undoMs }
}

/** Puts the parts together and starts them; stops them in reverse. Knows no channel: `main.ts` hands the list in. */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { sql } from 'drizzle-orm'
import type { FastifyBaseLogger } from 'fastify'
import { createActivity } from './accounts/activity.ts'
import { withDelivery } from './accounts/channel-log.ts'
import { scheduleChecks } from './accounts/check.ts'
import { checkDue } from './accounts/check-due.ts'
import { createConnections } from './accounts/connections.ts'
import { setHealth } from './accounts/health.ts'
import { createLeases, type LeasesOptions } from './accounts/leases.ts'
import { createSafeFetch } from './accounts/safe-fetch.ts'
import { createThreadChanges } from './accounts/thread-changes.ts'
import { buildApp } from './app.ts'
import { startAuditSealer } from './auth/audit-sealer.ts'
import type { Adapter } from './channel/adapter.ts'
import { closeInOrder } from './close-in-order.ts'
import type { Config } from './config.ts'
import { openDatabase, type Tx } from './db/client.ts'
import { followUp } from './db/due.ts'
import type { House } from './db/open.ts'
import { createDueRunner } from './db/run-due.ts'
import { createStatistics } from './db/statistics.ts'
import type { App, Deps } from './deps.ts'
import { dueHandlers, recurring } from './due-handlers.ts'
import type { DeskFiles } from './http/desk.ts'
import type { Limits } from './http/limits.ts'
import { countQueues } from './http/queue-metrics.ts'
import { createCustomerTyping } from './inbound/customer-typing.ts'
import { createIngest, type IngestPoint } from './inbound/ingest.ts'
import { createPoller, type PollPoint } from './inbound/poller.ts'
import { createHint } from './live/hint.ts'
import { createHub } from './live/hub.ts'
import { createMediaStore } from './media-store.ts'
import { supervisorsOf } from './notices/hearers.ts'
import { tellPeople } from './notices/notices.ts'
import { abandonQueued } from './outbound/abandon.ts'
import type { AttemptPoint } from './outbound/attempt.ts'
import { expireLeases } from './outbound/expire.ts'
import { outboundMediaReader } from './outbound/media.ts'
import { createSender } from './outbound/sender.ts'
import { shipPromises } from './promises/ship.ts'
import { ensureShippedRules } from './rules/ensure-shipped.ts'
import { createPatterns } from './rules/pattern.ts'
import { returnTicket } from './tickets/lost-reply.ts'

export interface ServeOptions {
  readonly house: House
  readonly config: Config
  readonly channels: ReadonlyMap<string, Adapter<unknown>>
  readonly log: FastifyBaseLogger
  /** Left out: only the API is served. */
  readonly desk?: DeskFiles
  readonly limits?: Partial<Limits>
  readonly now?: () => Date
  /** Unique among all processes that ever ran. Default: host, process and chance. */
  readonly node?: string
  /** Named points of both paths and of due work, for tests that end the process there. */
  readonly passing?: (point: Point) => void | Promise<void>
  /** For tests, which would wait long for the usual ones to end. */
  readonly spans?: Spans
}

/** Spans whose end a test waits for. Left out: as they stand where they are used. */
export interface Spans {
  /** Leases of accounts. */
  readonly leases?: Pick<LeasesOptions, 'ttlMs' | 'renewMs' | 'marginMs'>
  /** How long a claimed delivery may wait for its call. */
  readonly claimMs?: number
  /** How long the lease of a call outlives it. */
  readonly beyondCallMs?: number
  /** Leases of due work. */
  readonly dueLeaseMs?: number
  /** How long `stop` waits for what is under way. */
  readonly finishMs?: number
}

export type Point = IngestPoint | PollPoint | AttemptPoint | `due:${string}`

export interface Server {
  readonly app: App
  readonly deps: Deps
  /** With the port that was really taken. */
  readonly url: string
  /** Claims and polls nothing more, finishes what runs for 10 s, closes the streams. */
  stop(): Promise<void>
}

const FINISH_MS = 10_000

export async function serve(options: ServeOptions): Promise<Server> {
  const { house, config, channels, log, passing, spans = {} } = options
  const { db, sql: pool } = house.database
  const now = options.now ?? (() => new Date())
  const node = options.node ?? `${hostname()}-${process.pid}-${randomBytes(6).toString('hex')}`
  const through = passing ? { passing } : {}
  const finishMs = spans.finishMs ?? FINISH_MS

  const hint = createHint({ target: house.target, log })
  const nudge = hint.nudge
  const base = { config, db, sql: pool, seal: house.seal, log, now, channels, nudge }
  const media = await createMediaStore(house.data)
  const hub = createHub({ db, sql: pool, hint, log })
  const ours = { files: media, words: hint, changes: createThreadChanges({ sql: pool, hub, log }) }
  const connections = createConnections(base, { ours })
  const deps = { ...base, connections }
  const hooks = { lostReply: returnTicket }

  // Renewals must not wait for a connection that a slow query holds.
  const leasePool = openDatabase(house.target, { max: 2, applicationName: 'huixin-leases' })
  const leases = createLeases({ sql: leasePool.sql, node, channels, log, ...spans.leases })
  // Ingest has its own connection for the same reason: a platform's answer waits for it.
  const ingestPool = openDatabase(house.target, { max: 3, prepare: true, applicationName: 'huixin-ingest' })
  const statistics = createStatistics({ db, log })
  const activity = createActivity({ sql: pool, now, log })
  const ingest = createIngest({
    db: ingestPool.db,
    seal: house.seal,
    now,
    log,
    nudge,
    committed: statistics.grew,
    heardOf: activity.note,
    ...through,
  })
  const poller = createPoller({
    db,
    connections,
    leases,
    ingest,
    log,
    reportHealth: async (accountId, error) => {
      const account = await connections.get(accountId)
      if (!account) return
      // Readable again: the check says how it really is. Refused: sends wait as well.
      if (!error) return db.transaction((tx) => followUp(tx, [checkDue(accountId, now())]))
      const state = error.reason === 'credentials' ? 'refused' : 'warning'
      await setHealth(deps, accountId, account.settingsVersion, { state, text: error.text })
    },
    ...through,
  })
  const mediaOf = outboundMediaReader({ db, store: media })
  const sender = createSender({
    db,
    connections,
    leases,
    mediaOf,
    withDelivery,
    hooks,
    log,
    nudge,
    now,
    spans,
    ...through,
  })
  const patterns = createPatterns()
  const safeFetch = createSafeFetch()
  const due = createDueRunner({
    db,
    handlers: dueHandlers({ ...deps, hooks, media, ingest, patterns, safeFetch, wakeSender: sender.wake, ...through }),
    recurring,
    now,
    log,
    ...(spans.dueLeaseMs === undefined ? {} : { leaseMs: spans.dueLeaseMs }),
  })
  countQueues({ db, ingest })
  const stopListening = [hint.listen(sender.wake), hint.listen(due.wake), leases.onChange(sender.wake)]

  const app = await buildApp({
    ...deps,
    ingest,
    hub,
    words: hint,
    customerTyping: createCustomerTyping({ db, log, words: hint }),
    hooks,
    media,
    patterns,
    wakeSender: sender.wake,
    wakeLeases: leases.wake,
    whenRemoved: (tx: Tx, accountId: string) => abandonQueued(tx, accountId, hooks),
    whenCustomerCalls: async (tx, { ticket, key }) =>
      tellPeople(tx, await supervisorsOf(tx, ticket), { key, kind: 'customer_calls', ticket }),
    ...(options.desk ? { desk: options.desk } : {}),
    ...(options.limits ? { limits: options.limits } : {}),
  })
  await ensureShippedRules(db, now())
  await shipPromises(db)
  await app.listen({ port: config.port, host: config.host })
  await scheduleChecks(db, now())
  const sealer = startAuditSealer({ db, seal: house.seal, log })
  await leases.start()
  poller.start()
  sender.start()
  due.start()

  return {
    app,
    deps,
    url: addressOf(app, config),
    async stop() {
      for (const stop of stopListening) stop()
      await closeInOrder(
        [
          // The way in and the streams close first; what the platforms still bring they bring again.
          [closeDoor, () => poller.stop(finishMs), () => sender.stop(finishMs), () => due.stop(finishMs)],
          [ingest.idle],
          [activity.close],
          [abandon],
          [leases.close],
          [sealer.stop, hub.close],
          [connections.close, patterns.close, safeFetch.close],
          [hint.close, leasePool.close, ingestPool.close],
        ],
        { ms: finishMs + 5_000, log },
      )
    },
  }

  /** Requests that are being answered are finished; one that never comes to its end must not hold the rest. */
  async function closeDoor(): Promise<void> {
    const patience = setTimeout(() => app.server.closeAllConnections(), finishMs)
    try {
      await app.close()
    } finally {
      clearTimeout(patience)
    }
  }

  /** Calls that did not end in time: nobody will know, and a person is asked at once instead of after the lease. */
  async function abandon(): Promise<void> {
    const fences = [...leases.owned()].map(([accountId, fence]) => ({ accountId, fence }))
    if (fences.length === 0) return
    await db.execute(sql`
      update deliveries d set lease_until = now() - interval '1 second'
      from json_to_recordset(${JSON.stringify(fences)}::json) as held("accountId" uuid, fence bigint)
      where d.account_id = held."accountId" and d.fence = held.fence and d.state in ('claimed', 'sending')`)
    await expireLeases(db)
  }
}

function addressOf(app: App, config: Config): string {
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

import { and, asc, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import type { Connections } from '../accounts/connections.ts'
import type { InboundEvent } from '../channel/events.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { inboundUnread } from '../db/schema.ts'
import type { Seal } from '../seal.ts'
import type { UnreadChoice } from '../wire.ts'
import type { Ingest } from './ingest.ts'

/** What could not be read or stored, and why. */
export interface Unread {
  readonly accountId: string
  readonly kind: 'request' | 'raw' | 'event'
  /** `request`: a {@link StoredRequest}; `raw`: what `reread` takes; `event`: an `InboundEvent`. */
  readonly value: unknown
  /** Safe to show: never a person's words, never a secret. */
  readonly reason: string
  readonly receivedAt: Date
}

export interface StoredRequest {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  /** Base64. */
  readonly body: string
}

export const contextOf = (id: string) => `inbound_unread:${id}`

export async function storeUnread(tx: Tx | Db, seal: Seal, unread: Unread): Promise<void> {
  const id = newId()
  const { accountId, kind, reason, receivedAt } = unread
  const sealed = seal.seal(JSON.stringify(unread.value ?? null), contextOf(id))
  await tx.insert(inboundUnread).values({ id, accountId, kind, sealed, reason: reason.slice(0, 500), receivedAt })
}

export interface ReplayDeps {
  readonly db: Db
  readonly seal: Seal
  readonly connections: Connections
  readonly ingest: Ingest
}

/** How many were read, and how many still cannot be. */
export interface ReplayResult {
  readonly replayed: number
  readonly failed: number
}

/**
 * Reads again what could not be read before, oldest first. A row that still fails stays, with the new reason. Running
 * it twice, or on two nodes at once, changes nothing more: the events' keys see to that.
 */
export async function replayUnread(deps: ReplayDeps, accountId: string | null): Promise<ReplayResult> {
  const rows = await deps.db
    .select({ id: inboundUnread.id })
    .from(inboundUnread)
    .where(and(isNull(inboundUnread.replayedAt), accountId ? eq(inboundUnread.accountId, accountId) : undefined))
    .orderBy(asc(inboundUnread.receivedAt))
  return replayRows(
    deps,
    rows.map(({ id }) => id),
  )
}

/** The same for some of an account's: these, or the next ones after one, by the time they were kept. */
export async function replaySome(
  deps: ReplayDeps,
  accountId: string,
  { ids, after, limit }: UnreadChoice,
): Promise<ReplayResult & { readonly next: string | null }> {
  const rows = await deps.db
    .select({ id: inboundUnread.id })
    .from(inboundUnread)
    .where(
      and(
        isNull(inboundUnread.replayedAt),
        eq(inboundUnread.accountId, accountId),
        ids ? inArray(inboundUnread.id, ids) : undefined,
        after ? gt(inboundUnread.id, after) : undefined,
      ),
    )
    // The ids are in the order of time, so that one that still fails is not met twice.
    .orderBy(asc(inboundUnread.id))
    .limit(limit + 1)
  const chosen = rows.slice(0, limit).map(({ id }) => id)
  return { ...(await replayRows(deps, chosen)), next: rows.length > limit ? (chosen.at(-1) ?? null) : null }
}

async function replayRows(deps: ReplayDeps, ids: readonly string[]): Promise<ReplayResult> {
  let replayed = 0
  let failed = 0
  for (const id of ids) {
    // Read or discarded by somebody else meanwhile: not any more.
    const open = and(eq(inboundUnread.id, id), isNull(inboundUnread.replayedAt))
    const [row] = await deps.db.select().from(inboundUnread).where(open)
    if (!row) continue
    const reason = await replayOne(deps, row)
    if (reason === null) replayed += 1
    else failed += 1
    const attempts = sql`${inboundUnread.attempts} + 1`
    await deps.db
      .update(inboundUnread)
      .set(reason === null ? { replayedAt: sql`now()`, discardedBy: null, attempts } : { reason, attempts })
      .where(reason === null ? eq(inboundUnread.id, id) : open)
  }
  return { replayed, failed }
}

/** Null when it is in now; else why not. */
async function replayOne(deps: ReplayDeps, row: typeof inboundUnread.$inferSelect): Promise<string | null> {
  const account = await deps.connections.get(row.accountId)
  if (!account) return 'the account is gone'
  let value: unknown
  try {
    value = JSON.parse(deps.seal.open(row.sealed, contextOf(row.id)).toString('utf8'))
  } catch {
    return 'the stored payload cannot be opened with this secret'
  }
  let events: readonly InboundEvent[]
  try {
    events = await read(account.connection, row, value)
  } catch (error) {
    return describe(error)
  }
  if (events.some((event) => event.type === 'unread')) return 'the adapter still cannot read it'
  // What still cannot be stored is kept as an unread event of its own, so this row has done its work.
  await deps.ingest.submit(account, events, { receivedAt: row.receivedAt })
  return null
}

async function read(
  connection: NonNullable<Awaited<ReturnType<Connections['get']>>>['connection'],
  { kind, receivedAt }: Pick<typeof inboundUnread.$inferSelect, 'kind' | 'receivedAt'>,
  value: unknown,
): Promise<readonly InboundEvent[]> {
  if (kind === 'event') return [reviveEvent(value)]
  if (kind === 'raw') {
    if (!connection.reread) throw new Error('the channel cannot read payloads again')
    return connection.reread(value)
  }
  if (!connection.webhook) throw new Error('the channel takes no webhooks')
  const stored = value as StoredRequest
  const body = Buffer.from(stored.body, 'base64')
  const request = new Request(stored.url, {
    method: stored.method,
    headers: stored.headers.map(([name, text]): [string, string] => [name, text]),
    ...(body.length > 0 ? { body } : {}),
  })
  return (await connection.webhook(request, receivedAt)).events
}

const dateFields = new Set(['sentAt', 'editedAt', 'at', 'until'])

/** An event that went through JSON: its times are dates again. The adapter's `raw` is left as it is. */
export function reviveEvent(value: unknown): InboundEvent {
  const revive = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(revive)
    if (node === null || typeof node !== 'object') return node
    return Object.fromEntries(
      Object.entries(node).map(([key, item]) => {
        if (key === 'raw') return [key, item]
        return [key, dateFields.has(key) && typeof item === 'string' ? new Date(item) : revive(item)]
      }),
    )
  }
  return revive(value) as InboundEvent
}

/** A failure in words that hold nothing of the payload. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure'
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : ''
  const cause = error.cause instanceof Error ? ` (${describe(error.cause)})` : ''
  return `${error.name}${code}${cause}`
}

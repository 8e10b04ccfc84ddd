import { sql } from 'drizzle-orm'
import type { InboundMessage } from '../channel/events.ts'
import type { Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { insertRows } from '../db/insert-rows.ts'
import { threads, tickets } from '../db/schema.ts'
import type { Seal } from '../seal.ts'
import { at, type ByExternalId, type Identity } from './identify.ts'
import { tombstoneKey } from './keys.ts'
import { findShared } from './shared-ticket.ts'
import { hashKey, type Incoming } from './take-keys.ts'

export type ThreadRow = typeof threads.$inferSelect
export type TicketRow = typeof tickets.$inferSelect

/** A message that is here already, as far as a later event of it needs to know. */
export interface KnownMessage {
  readonly id: string
  readonly ticketId: string
  readonly threadId: string | null
  text: string | null
  /** What is shown, and the time of the edit that made it so. */
  shown: string
  shownSince: Date | null
  sequence: string | null
  deletedAt: Date | null
  readonly orderedAt: Date
  readonly groupKey: string | null
}

/** What the database knows of the threads, tickets and messages a batch touches. Threads and tickets are locked. */
export interface Known {
  readonly identities: ByExternalId<Identity>
  readonly threads: ByExternalId<ThreadRow>
  readonly tickets: Map<string, TicketRow>
  readonly messages: ByExternalId<KnownMessage>
  /** By thread id and group key. */
  readonly groups: Map<string, KnownMessage>
  readonly tombstones: ByExternalId<Date>
  /** The ticket that a thread without one joins, by `sharedKey`. */
  readonly shared: Map<string, string>
}

/** The events' threads that exist already, locked. Asked for all events, before it is known which are fresh. */
export async function lockThreads(tx: Tx, incoming: readonly Incoming[]): Promise<ByExternalId<ThreadRow>> {
  const places = new Map<string, Pick<ThreadRow, 'accountId' | 'externalId'>>()
  for (const { account, event } of incoming) {
    const place = placeOf(event)
    if (place) places.set(at(account.id, place.threadId), { accountId: account.id, externalId: place.threadId })
  }
  return lockByPlace(tx, [...places.values()])
}

/** Locks in one order, everywhere: threads by id, then tickets by id. */
export async function loadKnown(
  tx: Tx,
  seal: Seal,
  fresh: readonly Incoming[],
  people: ByExternalId<Identity>,
  locked: ByExternalId<ThreadRow>,
): Promise<Known> {
  const threadRows = await openThreads(tx, fresh, people, locked)
  const current = [...threadRows.values()].flatMap(({ currentTicketId }) => currentTicketId ?? [])
  const [messages, tombstones, ticketRows] = await Promise.all([
    readMessages(tx, fresh, threadRows),
    readTombstones(tx, seal, fresh),
    lockTickets(tx, current),
  ])
  const shared = await findShared(tx, fresh, people, threadRows, ticketRows)
  // And those of edits and deletes of what stands in an earlier ticket of the thread.
  const earlier = new Set<string>()
  for (const id of shared.values()) if (!ticketRows.has(id)) earlier.add(id)
  for (const { ticketId } of messages.byId.values()) if (!ticketRows.has(ticketId)) earlier.add(ticketId)
  for (const [id, row] of await lockTickets(tx, [...earlier])) ticketRows.set(id, row)
  return {
    identities: people,
    threads: threadRows,
    tickets: ticketRows,
    messages: messages.byId,
    groups: messages.byGroup,
    tombstones,
    shared,
  }
}

/** What was locked, and the threads that are new with these events. */
async function openThreads(
  tx: Tx,
  fresh: readonly Incoming[],
  people: ByExternalId<Identity>,
  locked: ByExternalId<ThreadRow>,
): Promise<ByExternalId<ThreadRow>> {
  const missing = new Map<
    string,
    Pick<ThreadRow, 'id' | 'accountId' | 'externalId' | 'rootId' | 'surface' | 'identityId'>
  >()
  for (const { account, event } of fresh) {
    const place = placeOf(event)
    if (!place) continue
    const key = at(account.id, place.threadId)
    const person = people.get(at(account.id, place.identity))
    if (locked.has(key) || missing.has(key) || !person) continue
    const { threadId: externalId, rootId, surface } = place
    missing.set(key, { id: newId(), accountId: account.id, externalId, rootId, surface, identityId: person.id })
  }
  if (missing.size === 0) return locked
  const rows = [...missing].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  await insertRows(tx, threads, rows, sql`on conflict (account_id, external_id) do nothing`)
  for (const [key, row] of await lockByPlace(tx, rows)) locked.set(key, row)
  return locked
}

async function lockByPlace(
  tx: Tx,
  places: readonly Pick<ThreadRow, 'accountId' | 'externalId'>[],
): Promise<ByExternalId<ThreadRow>> {
  if (places.length === 0) return new Map()
  const pairs = JSON.stringify(places.map(({ accountId, externalId }) => ({ a: accountId, e: externalId })))
  const rows = await tx
    .select()
    .from(threads)
    .where(
      sql`(${threads.accountId}, ${threads.externalId}) in
        (select w.a, w.e from json_to_recordset(${pairs}::json) as w(a uuid, e text))`,
    )
    .orderBy(threads.id)
    .for('update')
  return new Map(rows.map((row) => [at(row.accountId, row.externalId), row]))
}

function placeOf(
  event: Incoming['event'],
): (Pick<InboundMessage, 'threadId' | 'rootId' | 'surface'> & { identity: string }) | null {
  switch (event.type) {
    case 'message':
    case 'edited':
      return { ...event.message, identity: event.message.author.externalId }
    case 'opened':
      return { threadId: event.threadId, rootId: null, surface: 'direct', identity: event.identity }
    default:
      return null
  }
}

async function lockTickets(tx: Tx, ids: readonly string[]): Promise<Map<string, TicketRow>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .select()
    .from(tickets)
    .where(sql`${tickets.id} = any(${`{${ids.join(',')}}`}::uuid[])`)
    .orderBy(tickets.id)
    .for('update')
  return new Map(rows.map((row) => [row.id, row]))
}

interface MessageLookup {
  [column: string]: unknown
  account_id: string
  external_id: string | null
  wanted: string | null
  id: string
  ticket_id: string
  thread_id: string | null
  text: string | null
  shown: string
  shown_since: string | null
  sequence: string | null
  deleted_at: string | null
  ordered_at: string
  group_key: string | null
}

/**
 * Messages by their own id, by the id of an album's part, or by thread and album. Read after the threads are locked: what
 * another node was writing there a moment ago is committed now.
 */
async function readMessages(tx: Tx, fresh: readonly Incoming[], threadRows: ByExternalId<ThreadRow>) {
  const ids = fresh.flatMap(({ account, event }) => {
    if (event.type === 'deleted') return [{ a: account.id, e: event.externalId }]
    if (event.type === 'message' || event.type === 'edited') return [{ a: account.id, e: event.message.externalId }]
    return []
  })
  const groups = fresh.flatMap(({ account, event }) => {
    if ((event.type !== 'message' && event.type !== 'edited') || event.message.groupKey === null) return []
    const thread = threadRows.get(at(account.id, event.message.threadId))
    return thread ? [{ t: thread.id, g: event.message.groupKey }] : []
  })
  const byId = new Map<string, KnownMessage>()
  const byGroup = new Map<string, KnownMessage>()
  if (ids.length === 0) return { byId, byGroup }
  const rows = await tx.execute<MessageLookup>(sql`
    with w as (select a, e from json_to_recordset(${JSON.stringify(ids)}::json) as w(a uuid, e text)),
    hits as (
      select m.id, m.external_id as wanted from messages m join w on m.account_id = w.a and m.external_id = w.e
      union select p.message_id, p.external_id from message_parts p join w on p.account_id = w.a and p.external_id = w.e
      union select m.id, null from messages m
        join json_to_recordset(${JSON.stringify(groups)}::json) as g(t uuid, g text) on m.thread_id = g.t and m.group_key = g.g
    )
    select m.account_id, m.id, hits.wanted, m.ticket_id, m.thread_id, m.text, m.sequence, m.deleted_at, m.ordered_at,
      m.group_key, coalesce(r.text, m.text, '') as shown, r.edited_at as shown_since
    from hits join messages m on m.id = hits.id
    left join lateral (
      select text, edited_at from message_revisions where message_id = m.id order by edited_at desc, id desc limit 1
    ) r on true`)
  const known = new Map<string, KnownMessage>()
  for (const row of rows) {
    const message = known.get(row.id) ?? toKnown(row)
    known.set(row.id, message)
    if (row.wanted !== null) byId.set(at(row.account_id, row.wanted), message)
    if (row.thread_id && row.group_key !== null) byGroup.set(at(row.thread_id, row.group_key), message)
  }
  return { byId, byGroup }
}

function toKnown(row: MessageLookup): KnownMessage {
  const time = (value: string | null) => (value === null ? null : new Date(value))
  return {
    id: row.id,
    ticketId: row.ticket_id,
    threadId: row.thread_id,
    text: row.text,
    shown: row.shown,
    shownSince: time(row.shown_since),
    sequence: row.sequence,
    deletedAt: time(row.deleted_at),
    orderedAt: new Date(row.ordered_at),
    groupKey: row.group_key,
  }
}

/** Deletes that came before their message. */
async function readTombstones(tx: Tx, seal: Seal, fresh: readonly Incoming[]): Promise<ByExternalId<Date>> {
  const keys = new Map<string, string>()
  for (const { account, event } of fresh) {
    if (event.type !== 'message' && event.type !== 'edited') continue
    const { externalId } = event.message
    keys.set(hashKey(seal, account.id, tombstoneKey(externalId)).toString('hex'), at(account.id, externalId))
  }
  if (keys.size === 0) return new Map()
  const wanted = JSON.stringify([...keys].map(([key, place]) => ({ a: place.split('\n')[0], k: `\\x${key}` })))
  const rows = await tx.execute<{ key: string; at: string }>(sql`
    select encode(k.key, 'hex') as key, k.at from inbound_keys k
    join json_to_recordset(${wanted}::json) as w(a uuid, k bytea) on k.account_id = w.a and k.key = w.k`)
  return new Map(rows.map((row) => [keys.get(row.key) ?? '', new Date(row.at)]))
}

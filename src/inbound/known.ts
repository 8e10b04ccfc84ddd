import { type SQL, sql } from 'drizzle-orm'
import type { InboundMessage } from '../channel/events.ts'
import type { Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { insertion } from '../db/insert-rows.ts'
import { rowReader } from '../db/row-reader.ts'
import { threads, tickets } from '../db/schema.ts'
import type { Seal } from '../seal.ts'
import { at, type ByExternalId, type Identity } from './identify.ts'
import { look, type Seen } from './look.ts'
import { findReadings, type Reading } from './readings.ts'
import { findShared } from './shared-ticket.ts'
import type { Incoming } from './take-keys.ts'

export type ThreadRow = typeof threads.$inferSelect
export type TicketRow = typeof tickets.$inferSelect

/** A message that is here already, as far as a later event of it needs to know. */
export interface KnownMessage {
  readonly id: string
  /** Null: a mention. */
  readonly ticketId: string | null
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
  /** Messages that are an answer, or ask for a ticket. */
  readonly readings: ByExternalId<Reading>
}

/** What is locked and read of all events, before it is known which are fresh: harmless for a copy. */
export interface Found extends Seen {
  readonly threads: ByExternalId<ThreadRow>
  readonly tickets: Map<string, TicketRow>
}

/** One wait for all of it. In this order: what another node was writing in a thread until now is committed, and seen. */
export async function find(tx: Tx, seal: Seal, incoming: readonly Incoming[]): Promise<Found> {
  const places = new Map<string, Place>()
  for (const { account, event } of incoming) {
    const place = placeOf(event)
    if (place) places.set(at(account.id, place.threadId), { accountId: account.id, externalId: place.threadId })
  }
  const wanted = pairsOf([...places.values()])
  const [threadRows, ticketRows, seen] = await Promise.all([
    lockByPlace(tx, wanted),
    lockTickets(
      tx,
      sql`in (select t.current_ticket_id from json_to_recordset(${wanted}::json) as w(a uuid, e text)
        join threads t on t.account_id = w.a and t.external_id = w.e)`,
    ),
    look(tx, seal, incoming),
  ])
  return { ...seen, threads: threadRows, tickets: ticketRows }
}

/** Locks in one order, everywhere: threads by id, then tickets by id. */
export async function loadKnown(
  tx: Tx,
  fresh: readonly Incoming[],
  people: ByExternalId<Identity>,
  found: Found,
): Promise<Known> {
  const { threads: threadRows, tickets: ticketRows, tombstones } = found
  const opened = await openThreads(tx, fresh, people, threadRows)
  const messages =
    opened || fresh.some((item) => isMore(item, found)) ? await readMessages(tx, fresh, threadRows) : none()
  const lockMore = async (ids: readonly (string | null)[]) => {
    const missing = ids.filter((id) => id !== null && !ticketRows.has(id))
    if (missing.length === 0) return
    const more = await lockTickets(tx, sql`= any(${`{${[...new Set(missing)].join(',')}}`}::uuid[])`)
    for (const [id, row] of more) ticketRows.set(id, row)
  }
  if (opened) await lockMore([...threadRows.values()].map(({ currentTicketId }) => currentTicketId))
  let shared = await findShared(tx, fresh, people, threadRows, ticketRows)
  const readings = await findReadings(tx, fresh, threadRows)
  // And those of edits and deletes of what stands in an earlier ticket of the thread.
  await lockMore([...shared.values(), ...[...messages.byId.values()].map(({ ticketId }) => ticketId)])
  // Closed since it was found, a moment ago: it may have gone into another one, whose lock was waited for.
  if ([...shared.values()].some((id) => ticketRows.get(id)?.status === 'closed')) {
    shared = await findShared(tx, fresh, people, threadRows, ticketRows)
    await lockMore([...shared.values()])
  }
  return {
    identities: people,
    threads: threadRows,
    tickets: ticketRows,
    messages: messages.byId,
    groups: messages.byGroup,
    tombstones,
    shared,
    readings,
  }
}

/** May the event be about a message that is here already? */
function isMore({ account, event }: Incoming, { messages }: Found): boolean {
  if (event.type === 'deleted') return messages.has(at(account.id, event.externalId))
  if (event.type !== 'message' && event.type !== 'edited') return false
  return event.message.groupKey !== null || messages.has(at(account.id, event.message.externalId))
}

const none = () => ({ byId: new Map<string, KnownMessage>(), byGroup: new Map<string, KnownMessage>() })

/** Adds the threads that are new with these events. False: there are none. */
async function openThreads(
  tx: Tx,
  fresh: readonly Incoming[],
  people: ByExternalId<Identity>,
  locked: ByExternalId<ThreadRow>,
): Promise<boolean> {
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
  const rows = [...missing].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  const statement = insertion(threads, rows, 'on conflict (account_id, external_id) do nothing')
  if (!statement) return false
  const ours = await tx.execute(sql`${statement} returning ${madeThread.columns}`)
  for (const row of ours.map(madeThread.read)) locked.set(at(row.accountId, row.externalId), row)
  // Another node was first with these.
  const theirs = rows.filter(({ accountId, externalId }) => !locked.has(at(accountId, externalId)))
  if (theirs.length > 0) for (const [key, row] of await lockByPlace(tx, pairsOf(theirs))) locked.set(key, row)
  return true
}

type Place = Pick<ThreadRow, 'accountId' | 'externalId'>
const pairsOf = (places: readonly Place[]) =>
  JSON.stringify(places.map(({ accountId, externalId }) => ({ a: accountId, e: externalId })))

const madeThread = rowReader(threads, 'threads')
const thread = rowReader(threads, 't')
const ticket = rowReader(tickets, 'k')

async function lockByPlace(tx: Tx, pairs: string): Promise<ByExternalId<ThreadRow>> {
  const rows = await tx.execute(sql`
    select ${thread.columns} from threads t
    where (t.account_id, t.external_id) in (select w.a, w.e from json_to_recordset(${pairs}::json) as w(a uuid, e text))
    order by t.id for update`)
  return new Map(rows.map(thread.read).map((row) => [at(row.accountId, row.externalId), row]))
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

async function lockTickets(tx: Tx, which: SQL): Promise<Map<string, TicketRow>> {
  const rows = await tx.execute(
    sql`select ${ticket.columns} from tickets k where k.id ${which} order by k.id for update`,
  )
  return new Map(rows.map(ticket.read).map((row) => [row.id, row]))
}

interface MessageLookup {
  [column: string]: unknown
  account_id: string
  external_id: string | null
  wanted: string | null
  id: string
  ticket_id: string | null
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
  const { byId, byGroup } = none()
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

/**
 * Whose ticket a thread without one of its own joins: the person's, or the public post's, as the account asks for it.
 * Asked only for threads that have no ticket that goes on; most posts never get here.
 */
import { sql } from 'drizzle-orm'
import type { OpenAccount } from '../accounts/connections.ts'
import type { InboundMessage } from '../channel/events.ts'
import type { Tx } from '../db/client.ts'
import { isFinished } from '../tickets/status.ts'
import { at, type ByExternalId, type Identity } from './identify.ts'
import type { ThreadRow, TicketRow } from './known.ts'
import type { Incoming } from './take-keys.ts'

/** Threads with the same key share a ticket. Null: the thread's ticket is its own. */
export function sharedKey(account: OpenAccount, message: InboundMessage, person: Identity): string | null {
  if (account.ticketPer === 'person') return `person\n${person.id}`
  return message.surface === 'public' && message.rootId !== null ? `root\n${at(account.id, message.rootId)}` : null
}

/**
 * The ticket that others of the key went into last, by key. Locks the person or the post until the commit, so that two
 * nodes with two threads of one person open one ticket.
 */
export async function findShared(
  tx: Tx,
  fresh: readonly Incoming[],
  people: ByExternalId<Identity>,
  threads: ByExternalId<ThreadRow>,
  tickets: ReadonlyMap<string, TicketRow>,
): Promise<Map<string, string>> {
  const persons = new Set<string>()
  const roots = new Map<string, { a: string; r: string }>()
  for (const { account, event } of fresh) {
    if ((event.type !== 'message' && event.type !== 'edited') || account.intake === 'watch') continue
    const { message } = event
    const thread = threads.get(at(account.id, message.threadId))
    const person = people.get(at(account.id, message.author.externalId))
    const own = thread?.currentTicketId ? tickets.get(thread.currentTicketId) : undefined
    const key = person && sharedKey(account, message, person)
    if (!key || person?.blocked || (own && !isFinished(own.status))) continue
    // A person who is new with this batch has no other thread, and their row is ours until the commit.
    if (account.ticketPer === 'person') {
      if (!person.isNew) persons.add(person.id)
    } else roots.set(key, { a: account.id, r: message.rootId ?? '' })
  }
  const [ofPersons, ofRoots] = await Promise.all([ticketsOfPersons(tx, [...persons]), ticketsOfRoots(tx, roots)])
  return new Map([...ofPersons, ...ofRoots])
}

/** One that is worked on before one that is resolved. */
const newest = sql`k.status = 'resolved', k.last_message_at desc, k.number desc`

async function ticketsOfPersons(tx: Tx, ids: readonly string[]): Promise<[string, string][]> {
  if (ids.length === 0) return []
  const wanted = sql`${`{${ids.join(',')}}`}::uuid[]`
  await tx.execute(sql`select from identities where id = any(${wanted}) order by id for no key update`)
  const rows = await tx.execute<{ identity_id: string; ticket_id: string }>(sql`
    select distinct on (t.identity_id) t.identity_id, k.id as ticket_id from threads t
    join tickets k on k.id = t.current_ticket_id
    where t.identity_id = any(${wanted}) and k.status <> 'closed'
    order by t.identity_id, ${newest}`)
  return rows.map((row) => [`person\n${row.identity_id}`, row.ticket_id])
}

async function ticketsOfRoots(
  tx: Tx,
  roots: ReadonlyMap<string, { a: string; r: string }>,
): Promise<[string, string][]> {
  if (roots.size === 0) return []
  const sorted = [...roots].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [key] of sorted) await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`)
  const rows = await tx.execute<{ account_id: string; root_id: string; ticket_id: string }>(sql`
    select distinct on (t.account_id, t.root_id) t.account_id, t.root_id, k.id as ticket_id from threads t
    join json_to_recordset(${JSON.stringify(sorted.map(([, root]) => root))}::json) as w(a uuid, r text)
      on t.account_id = w.a and t.root_id = w.r
    join tickets k on k.id = t.current_ticket_id
    where t.surface = 'public' and k.status <> 'closed'
    order by t.account_id, t.root_id, ${newest}`)
  return rows.map((row) => [`root\n${at(row.account_id, row.root_id)}`, row.ticket_id])
}

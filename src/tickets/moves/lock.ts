/**
 * The locks of a move, in the order everybody takes them: deliveries (whose outcome goes on to the ticket), conversations,
 * tickets; each by id. So a post that comes at the same moment waits, and then goes where its conversation goes.
 */
import { type SQL, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../../auth/actor.ts'
import { type Db, isRace, type Tx } from '../../db/client.ts'
import { tickets } from '../../db/schema.ts'
import { conflict, notFound } from '../../problem.ts'
import type { TicketRow } from '../lock-ticket.ts'

/** A conversation came to the ticket while its locks were taken: once more from the beginning. */
class Again extends Error {
  override readonly name = 'Again'
}
const TRIES = 6

/** Runs the transaction again when it lost a race, or came too early. */
export async function moving<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction(work)
    } catch (error) {
      if (attempt >= TRIES || !(error instanceof Again || isRace(error))) throw error
    }
  }
}

export interface Locked {
  readonly tickets: ReadonlyMap<string, TicketRow>
  /** Those whose next message goes to `emptied`. */
  readonly threadIds: readonly string[]
}

/** `emptied`: whose messages are going elsewhere. Throws 404. */
export async function lockMove(tx: Tx, actor: Actor, emptied: string, ids: readonly string[]): Promise<Locked> {
  await tx.execute(sql`select from deliveries where ticket_id = ${emptied} order by id for update`)
  const locked = await lockThreads(
    tx,
    sql`current_ticket_id = ${emptied} or id in (select thread_id from messages where ticket_id = ${emptied})`,
  )
  const all = `{${ids.join(',')}}`
  const rows = await tx
    .select()
    .from(tickets)
    .where(sql`${tickets.id} = any(${all}::uuid[]) and ${inScope(actor, tickets.brandId)}`)
    .orderBy(tickets.id)
    .for('update')
  const found = new Map(rows.map((row) => [row.id, row]))
  for (const id of ids) if (!found.has(id)) throw notFound('ticket')
  const present = await tx.execute<{ id: string }>(
    sql`select id from threads where current_ticket_id = ${emptied} order by id`,
  )
  if (present.some(({ id }) => !locked.has(id))) throw new Again()
  return { tickets: found, threadIds: present.map(({ id }) => id) }
}

async function lockThreads(tx: Tx, which: SQL): Promise<ReadonlySet<string>> {
  const rows = await tx.execute<{ id: string }>(sql`select id from threads where ${which} order by id for update`)
  return new Set(rows.map(({ id }) => id))
}

/** Throws 409 `ticket_merged` with where it went, when the ticket is empty because its messages are elsewhere now. */
export async function refuseStub(tx: Tx | Db, ticketId: string): Promise<void> {
  const into = await stubOf(tx, ticketId)
  if (into) throw conflict('ticket_merged', 'This ticket went into another one.', { ticket: into })
}

/** Where the ticket went, at the end of the way; null: it is one of its own. */
export async function stubOf(db: Tx | Db, ticketId: string): Promise<{ id: string; number: number } | null> {
  const [row] = await db.execute<{ id: string; number: number }>(sql`
    with recursive way(id, step) as (
      select into_id, 1 from ticket_stubs where ticket_id = ${ticketId}
      union all
      select s.into_id, step + 1 from way join ticket_stubs s on s.ticket_id = way.id where step < 50
    )
    select t.id, t.number::float8 as number from way join tickets t on t.id = way.id order by step desc limit 1`)
  return row ?? null
}

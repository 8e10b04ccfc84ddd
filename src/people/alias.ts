/** People who became one: `from` is read as a part of `into`. */
import { and, eq, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db, Tx } from '../db/client.ts'
import { contacts } from '../db/schema.ts'
import { notFound } from '../problem.ts'

export type ContactRow = typeof contacts.$inferSelect

/** Who this is now: the person at the end of the way, and everybody who became them. */
export interface Person {
  readonly contact: ContactRow
  /** Theirs first. */
  readonly ids: readonly string[]
}

/** Throws 404. */
export async function personOf(db: Db | Tx, actor: Actor, id: string): Promise<Person> {
  const [end] = await db.execute<{ id: string }>(sql`
    with recursive way(id, step) as (
      select ${id}::uuid, 0
      union all
      select m.into_id, step + 1 from way join contact_merges m on m.from_id = way.id and m.undone_at is null where step < 50
    )
    select id from way order by step desc limit 1`)
  const [contact] = await db
    .select()
    .from(contacts)
    .where(and(eq(contacts.id, end?.id ?? id), inScope(actor, contacts.brandId)))
  if (!contact) throw notFound('contact')
  return { contact, ids: await aliasesOf(db, contact.id) }
}

/** The person and everybody who became them, theirs first. */
export async function aliasesOf(db: Db | Tx, id: string): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`
    with recursive all_of(id, step) as (
      select ${id}::uuid, 0
      union all
      select m.from_id, step + 1 from all_of join contact_merges m on m.into_id = all_of.id and m.undone_at is null
      where step < 50
    )
    select id from all_of order by step, id`)
  return rows.map((row) => row.id)
}

export const uuids = (ids: readonly string[]) => sql`${`{${ids.join(',')}}`}::uuid[]`

/** Locked until the transaction ends, so that nobody becomes somebody else meanwhile. Throws 404. */
export async function lockPerson(tx: Tx, actor: Actor, id: string): Promise<Person> {
  const { contact } = await personOf(tx, actor, id)
  await tx.select({ id: contacts.id }).from(contacts).where(eq(contacts.id, contact.id)).for('no key update')
  return personOf(tx, actor, contact.id)
}

/** Whoever has a ticket of theirs open looks again; of many, the newest are what anybody looks at. */
export async function tellOfPerson(
  tx: Tx,
  ids: readonly string[],
  type: 'ticket' | 'message' = 'ticket',
): Promise<void> {
  await tx.execute(sql`
    insert into events (brand_id, type, ticket_id, version)
    select brand_id, ${type}, id, version from tickets
    where contact_id = any(${uuids(ids)}) or id in (
      select t.current_ticket_id from threads t join identities i on i.id = t.identity_id
      where i.contact_id = any(${uuids(ids)})
    )
    order by last_message_at desc limit 100`)
}

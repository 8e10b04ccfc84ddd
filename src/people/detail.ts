/** What the desk shows of a person beside their identities and tickets. */
import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { contactBlocks, contactMerges, contactNotes, contacts, contactValues } from '../db/schema.ts'
import { shownText } from '../tickets/shown-text.ts'
import type { PersonDetail } from '../wire-people.ts'
import { personOf, uuids } from './alias.ts'
import { alikeOf } from './alike.ts'
import { showNote } from './notes.ts'

const MOST_KEPT = 20

/** Throws 404. One who became somebody else is answered as who they are now. */
export async function personDetail(db: Db, actor: Actor, id: string): Promise<PersonDetail> {
  const person = await personOf(db, actor, id)
  const { contact, ids } = person
  const [notes, values, [block], kept, alike, merges] = await Promise.all([
    db
      .select()
      .from(contactNotes)
      .where(inArray(contactNotes.contactId, [...ids]))
      .orderBy(desc(contactNotes.createdAt), desc(contactNotes.id))
      .limit(200),
    db
      .select()
      .from(contactValues)
      .where(inArray(contactValues.contactId, [...ids])),
    db.select().from(contactBlocks).where(eq(contactBlocks.contactId, contact.id)),
    keptOf(db, ids),
    alikeOf(db, person),
    db
      .select({ merge: contactMerges, name: contacts.name })
      .from(contactMerges)
      .innerJoin(contacts, eq(contacts.id, contactMerges.fromId))
      .where(and(eq(contactMerges.intoId, contact.id), isNull(contactMerges.undoneAt)))
      .orderBy(desc(contactMerges.createdAt))
      .limit(20),
  ])
  return {
    id: contact.id,
    notes: notes.map((row) => showNote(row, actor)),
    values: valuesOf(ids, values),
    block: block ? { by: { id: block.byId, name: block.byName }, at: block.createdAt.toISOString() } : null,
    kept,
    alike,
    merges: merges.map(({ merge, name }) => ({
      id: merge.id,
      at: merge.createdAt.toISOString(),
      by: { id: merge.byId, name: merge.byName },
      from: { id: merge.fromId, name },
    })),
  }
}

/** Their own value stands before that of those who became them. */
function valuesOf(
  ids: readonly string[],
  rows: readonly (typeof contactValues.$inferSelect)[],
): Record<string, string> {
  const values: Record<string, string> = {}
  const nearest = rows.toSorted((a, b) => ids.indexOf(a.contactId) - ids.indexOf(b.contactId))
  for (const { fieldId, value } of nearest) values[fieldId] ??= value
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
}

async function keptOf(db: Db, ids: readonly string[]): Promise<PersonDetail['kept']> {
  const theirs = sql`k.contact_id = any(${uuids(ids)})`
  const rows = await db.execute<{ id: string; text: string; at: string }>(sql`
    select m.id, ${shownText} as text, k.at from kept_posts k join messages m on m.id = k.message_id
    where ${theirs} order by k.at desc, m.id desc limit ${MOST_KEPT}`)
  const [all] = await db.execute<{ count: number }>(
    sql`select count(*)::int as count from kept_posts k where ${theirs}`,
  )
  const posts = rows.map(({ id, text, at }) => ({ id, text, at: new Date(at).toISOString() }))
  return { count: all?.count ?? 0, posts }
}

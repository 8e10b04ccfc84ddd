/** What colleagues should know of a person, whatever the ticket. */
import { and, eq, sql } from 'drizzle-orm'
import { type Actor, mayActAs } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import { newId } from '../db/id.ts'
import { contactNotes } from '../db/schema.ts'
import { forbidden, notFound, unprocessable } from '../problem.ts'
import type { ContactNote } from '../wire-people.ts'
import { lockPerson, tellOfPerson, uuids } from './alias.ts'
import type { RenameDeps } from './rename.ts'

const MOST = 200

type Row = typeof contactNotes.$inferSelect

/** Throws 404, 422 `too_many`. */
export async function addContactNote(
  deps: RenameDeps,
  actor: Actor,
  contactId: string,
  text: string,
): Promise<ContactNote> {
  const added = await deps.db.transaction(async (tx) => {
    const { contact, ids } = await lockPerson(tx, actor, contactId)
    if ((await tx.$count(contactNotes, eq(contactNotes.contactId, contact.id))) >= MOST) {
      throw unprocessable('too_many', 'There are too many notes on this person.', { most: MOST })
    }
    const by = { userId: actor.id, authorName: actor.name }
    const [row] = await tx
      .insert(contactNotes)
      .values({ id: newId(), contactId: contact.id, text: cleanText(text), ...by })
      .returning()
    await tellOfPerson(tx, ids)
    await writeAudit(tx, actor, 'contact.noted', `contact:${contact.id}`, { note: row!.id })
    return row!
  })
  deps.nudge()
  return showNote(added, actor)
}

/** One's own, or anybody's by a supervisor. Throws 404, 403. */
export async function deleteContactNote(deps: RenameDeps, actor: Actor, contactId: string, id: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const { contact, ids } = await lockPerson(tx, actor, contactId)
    const theirs = and(eq(contactNotes.id, id), sql`contact_id = any(${uuids(ids)})`)
    const [row] = await tx.select().from(contactNotes).where(theirs).for('update')
    if (!row) throw notFound('note')
    if (!mayDelete(row, actor)) throw forbidden()
    await tx.delete(contactNotes).where(theirs)
    await tellOfPerson(tx, ids)
    await writeAudit(tx, actor, 'contact.note_deleted', `contact:${contact.id}`, { note: id })
  })
  deps.nudge()
}

const mayDelete = (row: Row, actor: Actor) => row.userId === actor.id || mayActAs(actor, 'supervisor')

export function showNote(row: Row, actor: Actor): ContactNote {
  const { id, text, userId, authorName, createdAt } = row
  return {
    id,
    text,
    by: { id: userId, name: authorName },
    createdAt: createdAt.toISOString(),
    mine: mayDelete(row, actor),
  }
}

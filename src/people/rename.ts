import { and, eq, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { contacts } from '../db/schema.ts'
import { notFound } from '../problem.ts'
import type { Contact } from '../wire.ts'
import { getContact } from './contact.ts'

export interface RenameDeps {
  readonly db: Db
  readonly nudge: () => void
}

/**
 * What an agent calls a person; it stands everywhere in place of what the platforms call them, and they change it no
 * more. The audit says that, and not the name. Throws 404.
 */
export async function renameContact(deps: RenameDeps, actor: Actor, id: string, given: string): Promise<Contact> {
  const name = cleanText(given)
  const changed = await deps.db.transaction(async (tx) => {
    const visible = and(eq(contacts.id, id), inScope(actor, contacts.brandId))
    const [contact] = await tx.select().from(contacts).where(visible).for('update')
    if (!contact) throw notFound('contact')
    if (contact.name === name) return false
    await tx.update(contacts).set({ name }).where(eq(contacts.id, id))
    await tellOf(tx, id)
    await writeAudit(tx, actor, 'contact.renamed', `contact:${id}`)
    return true
  })
  if (changed) deps.nudge()
  return getContact(deps.db, actor, id)
}

/** The name stands in the queue and under every message. Of many tickets, the newest are what anybody looks at. */
async function tellOf(tx: Tx, contactId: string): Promise<void> {
  await tx.execute(sql`
    insert into events (brand_id, type, ticket_id, version)
    select brand_id, 'message', id, version from tickets
    where contact_id = ${contactId} or id in (
      select t.current_ticket_id from threads t join identities i on i.id = t.identity_id
      where i.contact_id = ${contactId}
    )
    order by last_message_at desc limit 100`)
}

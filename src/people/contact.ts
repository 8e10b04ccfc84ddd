import { and, asc, desc, eq } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { accounts, contacts, identities, tickets } from '../db/schema.ts'
import { notFound } from '../problem.ts'
import { showTickets } from '../tickets/show-tickets.ts'
import type { Contact } from '../wire.ts'

const MOST_TICKETS = 50

/** A person with their identities and earlier tickets. Throws 404. Pictures stay out: they are at platforms' addresses. */
export async function getContact(db: Db, actor: Actor, id: string): Promise<Contact> {
  const [contact] = await db
    .select()
    .from(contacts)
    .where(and(eq(contacts.id, id), inScope(actor, contacts.brandId)))
  if (!contact) throw notFound('contact')
  const known = await db
    .select({
      id: identities.id,
      accountId: identities.accountId,
      channel: accounts.channel,
      name: identities.name,
      handle: identities.handle,
      followers: identities.followers,
      reachable: identities.reachable,
      unreachableReason: identities.unreachableReason,
    })
    .from(identities)
    .innerJoin(accounts, eq(accounts.id, identities.accountId))
    .where(eq(identities.contactId, id))
    .orderBy(asc(identities.createdAt), asc(identities.id))
  const earlier = await db
    .select({ id: tickets.id })
    .from(tickets)
    .where(and(eq(tickets.contactId, id), inScope(actor, tickets.brandId)))
    .orderBy(desc(tickets.lastMessageAt), desc(tickets.id))
    .limit(MOST_TICKETS)
  return {
    id,
    brandId: contact.brandId,
    name: contact.name,
    createdAt: contact.createdAt.toISOString(),
    identities: known,
    tickets: await showTickets(
      db,
      earlier.map((ticket) => ticket.id),
    ),
  }
}

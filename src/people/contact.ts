import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { accounts, identities, tickets } from '../db/schema.ts'
import { showTickets } from '../tickets/show-tickets.ts'
import type { Contact } from '../wire.ts'
import { personOf } from './alias.ts'

const MOST_TICKETS = 50
const notAStub = sql`not exists (select from ticket_stubs s where s.ticket_id = ${tickets.id})`

/**
 * A person with their identities and earlier tickets; one who became somebody else is answered as who they are now. Throws
 * 404. Pictures stay out: they are at platforms' addresses.
 */
export async function getContact(db: Db, actor: Actor, wanted: string): Promise<Contact> {
  const { contact, ids } = await personOf(db, actor, wanted)
  const { id } = contact
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
    .where(inArray(identities.contactId, [...ids]))
    .orderBy(asc(identities.createdAt), asc(identities.id))
  const earlier = await db
    .select({ id: tickets.id })
    .from(tickets)
    .where(and(inArray(tickets.contactId, [...ids]), notAStub, inScope(actor, tickets.brandId)))
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

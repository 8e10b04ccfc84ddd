import { and, eq, inArray } from 'drizzle-orm'
import type { Placed } from '../channel/adapter.ts'
import type { InboundEvent } from '../channel/events.ts'
import type { Db } from '../db/client.ts'
import { messages, tickets } from '../db/schema.ts'

/** Where the messages of these events are, now that they are committed; those that are not there any more are left out. */
export async function placedOf(db: Db, accountId: string, events: readonly InboundEvent[]): Promise<Placed[]> {
  const ids = events.flatMap((event) => (event.type === 'message' ? [event.message.externalId] : []))
  if (ids.length === 0) return []
  const rows = await db
    .select({ externalId: messages.externalId, id: tickets.id, number: tickets.number })
    .from(messages)
    .innerJoin(tickets, eq(tickets.id, messages.ticketId))
    .where(and(eq(messages.accountId, accountId), inArray(messages.externalId, ids)))
  return rows.flatMap(({ externalId, id, number }) =>
    externalId === null ? [] : [{ externalId, ticket: { id, number } }],
  )
}

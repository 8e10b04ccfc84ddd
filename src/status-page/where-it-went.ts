import { eq } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import { tickets } from '../db/schema.ts'
import { stubOf } from '../tickets/moves/lock.ts'

type Row = typeof tickets.$inferSelect

/**
 * The ticket a look-up code or a visit leads to: where one went that was merged, as long as that is the same person's. What
 * went into somebody else's is theirs to see.
 */
export async function whereItWent(db: Db, ticket: Row): Promise<Row> {
  const stub = ticket.status === 'closed' ? await stubOf(db, ticket.id) : null
  if (!stub) return ticket
  const [into] = await db.select().from(tickets).where(eq(tickets.id, stub.id))
  return into?.contactId === ticket.contactId ? into : ticket
}

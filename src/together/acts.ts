/** What was done on a ticket beside its messages: kept with it, and shown between them. */
import { asc, desc, eq } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { ticketActs } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import type { TogetherAct } from '../wire.ts'

export type ActDetail = Readonly<Record<string, string | number | null>>

interface OfTicket {
  readonly id: string
  readonly brandId: string
  readonly version: number
}

/** In the transaction that does it, under the ticket's lock; whoever has the ticket open is told. */
export async function recordAct(
  tx: Tx,
  actor: Pick<Actor, 'id' | 'name'>,
  { id: ticketId, brandId, version }: OfTicket,
  kind: string,
  now: Date,
  detail: ActDetail = {},
): Promise<void> {
  const words = Object.entries(detail).map(([name, value]) => [
    name,
    typeof value === 'string' ? cleanText(value) : value,
  ])
  await tx.insert(ticketActs).values({
    id: newId(),
    ticketId,
    kind,
    actorId: actor.id,
    actorName: actor.name,
    detail: Object.fromEntries(words),
    at: now,
  })
  await appendEvents(tx, [{ brandId, type: 'ticket', ticketId, version }])
}

/** The newest 200, oldest first. The caller has seen to it that the reader may see the ticket. */
export async function actsOf(db: Db | Tx, ticketId: string): Promise<TogetherAct[]> {
  const newest = db
    .select()
    .from(ticketActs)
    .where(eq(ticketActs.ticketId, ticketId))
    .orderBy(desc(ticketActs.at), desc(ticketActs.id))
    .limit(200)
    .as('newest')
  const rows = await db.select().from(newest).orderBy(asc(newest.at), asc(newest.id))
  return rows.map(({ id, kind, actorId, actorName, at, detail }) => ({
    id,
    kind,
    by: { id: actorId, name: actorName },
    at: at.toISOString(),
    detail: { ...detail },
  }))
}

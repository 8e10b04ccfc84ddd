/** One ticket goes into another: all that was said and is to be done goes along, and what comes later goes there. */
import { eq, sql } from 'drizzle-orm'
import type { Actor } from '../../auth/actor.ts'
import { writeAudit } from '../../auth/audit.ts'
import type { Db, Tx } from '../../db/client.ts'
import { followUp } from '../../db/due.ts'
import { newId } from '../../db/id.ts'
import { ticketMoves, ticketStubs, tickets } from '../../db/schema.ts'
import { appendEvents } from '../../live/append.ts'
import { conflict, unprocessable } from '../../problem.ts'
import type { MoveDone } from '../../wire-moves.ts'
import type { TicketRow } from '../lock-ticket.ts'
import { unsnoozeKind } from '../unsnooze.ts'
import { carry, carryDrafts } from './carry.ts'
import { lockMove, moving, stubOf } from './lock.ts'
import { type Joined, join, joinedOf } from './state.ts'

export interface MoveDeps {
  readonly db: Db
  readonly now: () => Date
  readonly nudge: () => void
}

/**
 * `fromId` becomes empty and leads to `intoId`. Twice is once. Throws 404, 422 `same_ticket` and `other_brand`, 409
 * `ticket_merged` when one of them went elsewhere meanwhile.
 */
export async function mergeTickets(deps: MoveDeps, actor: Actor, fromId: string, intoId: string): Promise<MoveDone> {
  if (fromId === intoId) throw unprocessable('same_ticket', 'A ticket cannot go into itself.')
  const done = await moving(deps.db, (tx) => merge(tx, deps.now(), actor, fromId, intoId))
  deps.nudge()
  return done
}

async function merge(tx: Tx, now: Date, actor: Actor, fromId: string, intoId: string): Promise<MoveDone> {
  const locked = await lockMove(tx, actor, fromId, [fromId, intoId])
  const from = locked.tickets.get(fromId)!
  const into = locked.tickets.get(intoId)!
  if (from.brandId !== into.brandId) throw unprocessable('other_brand', 'These tickets are of two brands.')
  const present = await presentMerge(tx, fromId, into)
  if (present) return present
  const moveId = newId()
  const version = into.version + 1
  const after = join(joinedOf(into), joinedOf(from))
  await tx.insert(ticketMoves).values({
    id: moveId,
    kind: 'merge',
    brandId: into.brandId,
    fromId,
    intoId,
    intoVersion: version,
    fromBefore: joinedOf(from),
    intoBefore: joinedOf(into),
    intoAfter: after,
    byId: actor.id,
    byName: actor.name,
    createdAt: now,
  })
  await carry(tx, { moveId, from: fromId, into: intoId, version, messageIds: null, threadIds: locked.threadIds })
  await carryDrafts(tx, moveId, fromId, intoId)
  await tx
    .update(tickets)
    .set({ ...after, version })
    .where(eq(tickets.id, intoId))
  await wakeLater(tx, intoId, after)
  await empty(tx, from, intoId, now)
  await tell(tx, into, version)
  await writeAudit(tx, actor, 'ticket.merged', `ticket:${intoId}`, {
    move: moveId,
    ticket: fromId,
    number: from.number,
  })
  return { moveId, ticketId: intoId, number: into.number }
}

/** Somebody was faster: the same thing is done already. */
async function presentMerge(tx: Tx, fromId: string, into: TicketRow): Promise<MoveDone | null> {
  const [elsewhere, ahead] = [await stubOf(tx, fromId), await stubOf(tx, into.id)]
  if (ahead) throw conflict('ticket_merged', 'This ticket went into another one.', { ticket: ahead })
  if (!elsewhere) return null
  const [move] = await tx.execute<{ id: string }>(sql`
    select id from ticket_moves where kind = 'merge' and from_id = ${fromId} and into_id = ${into.id} and undone_at is null`)
  if (!move) throw conflict('ticket_merged', 'This ticket went into another one.', { ticket: elsewhere })
  return { moveId: move.id, ticketId: into.id, number: into.number }
}

/** Whoever sets a snooze sees to it that it ends. */
export async function wakeLater(
  tx: Tx,
  ticketId: string,
  { snoozedUntil }: Pick<Joined, 'snoozedUntil'>,
): Promise<void> {
  if (snoozedUntil) await followUp(tx, [{ kind: unsnoozeKind, subject: ticketId, dueAt: snoozedUntil }])
}

/** Closed, without a clock or a snooze, and out of every list. */
export async function empty(tx: Tx, ticket: TicketRow, intoId: string, now: Date): Promise<void> {
  const version = ticket.version + 1
  const resolvedAt = ticket.resolvedAt ?? now
  await tx
    .update(tickets)
    .set({ status: 'closed', snoozedUntil: null, unansweredSince: null, resolvedAt, version })
    .where(eq(tickets.id, ticket.id))
  await tx.insert(ticketStubs).values({ ticketId: ticket.id, intoId })
  await tell(tx, ticket, version)
}

/** Messages, tasks and the ticket itself. */
export async function tell(tx: Tx, { id: ticketId, brandId }: TicketRow, version: number): Promise<void> {
  await appendEvents(tx, [
    { brandId, type: 'message', ticketId, version },
    { brandId, type: 'task', ticketId, version: null },
  ])
}

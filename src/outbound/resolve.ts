import { and, eq, gt, sql } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { deliveries } from '../db/schema.ts'
import { conflict } from '../problem.ts'
import { cancelTask } from './by-hand.ts'
import { cancelLaterParts, change, type Delivery, type SettleHooks } from './settle.ts'

/**
 * A person says what became of a delivery nobody can be sure of: it arrived, send it again, or drop it. Only while it is
 * `unknown`; a true outcome that came first stands (409 `not_unknown`).
 */
export async function resolveUnknown(
  tx: Tx,
  deliveryId: string,
  as: 'sent' | 'queued' | 'dropped',
  hooks: SettleHooks,
): Promise<Delivery> {
  const row = await lockUnknown(tx, deliveryId)
  if (as !== 'dropped') await renewLaterParts(tx, row)
  if (as === 'sent') {
    await change(tx, row, { state: 'sent', settledAt: sql`now()`, reasonCode: 'said_sent', reason: null })
  } else if (as === 'queued') {
    await change(tx, row, {
      state: 'queued',
      notBefore: sql`now()`,
      expiresAt: inADay,
      passedOver: false,
      reasonCode: null,
      reason: null,
    })
  } else {
    await change(tx, row, { state: 'cancelled', settledAt: sql`now()`, reasonCode: 'dropped', reason: null })
    await cancelLaterParts(tx, row)
    if (!row.automatic) await hooks.lostReply(tx, row.ticketId)
  }
  return row
}

/**
 * Sends one that failed once more, under the same id, because a person asks for it: only where the other side drops what it
 * has taken already. Throws 409 `not_failed`, and `parts_lost` where later parts of the reply were given up with it.
 */
export async function replay(tx: Tx, deliveryId: string): Promise<Delivery> {
  const failed = and(eq(deliveries.id, deliveryId), eq(deliveries.state, 'failed'))
  const [row] = await tx.select().from(deliveries).where(failed).for('update')
  if (!row) throw conflict('not_failed', 'This delivery has not failed.')
  const [lost] = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(eq(deliveries.messageId, row.messageId), gt(deliveries.part, row.part), eq(deliveries.state, 'cancelled')),
    )
    .limit(1)
  if (lost) throw conflict('parts_lost', 'Later parts of this reply were given up with it. Write it again.')
  await change(tx, row, { state: 'queued', notBefore: sql`now()`, expiresAt: inADay, settledAt: null })
  return row
}

/** What this one held goes on now, however long it was held. */
async function renewLaterParts(tx: Tx, { messageId, part }: Delivery): Promise<void> {
  await tx
    .update(deliveries)
    .set({ expiresAt: inADay })
    .where(and(eq(deliveries.messageId, messageId), gt(deliveries.part, part), eq(deliveries.state, 'queued')))
}

const inADay = sql`now() + interval '24 hours'`

/** The thread goes on; this one stays in doubt, and its own later parts stay held. */
export async function passOver(tx: Tx, deliveryId: string): Promise<Delivery> {
  const row = await lockUnknown(tx, deliveryId)
  await change(tx, row, { passedOver: true })
  return row
}

async function lockUnknown(tx: Tx, deliveryId: string): Promise<Delivery> {
  const [row] = await tx
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.id, deliveryId), eq(deliveries.state, 'unknown')))
    .for('update')
  if (!row) throw conflict('not_unknown', 'This delivery is not in doubt any more.')
  return row
}

/**
 * Takes a reply back while every part of it is still `queued`. The rows are locked in order first, so
 * that a claim either comes before (409 `too_late`) or finds nothing.
 */
export async function undoReply(tx: Tx, messageId: string): Promise<readonly Delivery[]> {
  const rows = await tx
    .select()
    .from(deliveries)
    .where(eq(deliveries.messageId, messageId))
    .orderBy(deliveries.part)
    .for('update')
  if (rows.length === 0 || rows.some((row) => row.state !== 'queued')) {
    throw conflict('too_late', 'This reply is being sent or was sent: it cannot be taken back.')
  }
  for (const row of rows) await change(tx, row, { state: 'cancelled', reasonCode: 'undone', settledAt: sql`now()` })
  if (rows.some((row) => row.byHand)) await cancelTask(tx, messageId)
  return rows
}

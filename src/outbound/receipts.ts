import { and, eq, inArray, or, sql } from 'drizzle-orm'
import type { InboundEvent } from '../channel/events.ts'
import type { Tx } from '../db/client.ts'
import { deliveries } from '../db/schema.ts'
import { change, type Delivery, fail, type SettleHooks } from './settle.ts'
import { transitions } from './states.ts'

/**
 * The platform tells how far a reply got. False while no delivery has that external id yet: the caller keeps the receipt
 * and tries again. A receipt that comes late or out of order moves nothing backwards.
 */
export async function applyReceipt(
  tx: Tx,
  accountId: string,
  receipt: Extract<InboundEvent, { type: 'receipt' }>,
  hooks: SettleHooks,
): Promise<boolean> {
  const [row] = await tx
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.accountId, accountId), eq(deliveries.externalId, receipt.externalId)))
    .for('update')
  // Its id is known before the answer to its call is.
  if (!row || row.state === 'sending') return false
  if (receipt.status === 'failed') {
    if (transitions[row.state].includes('failed')) {
      await fail(tx, row, 'platform_failed', receipt.reason ?? null, hooks)
    }
    return true
  }
  const arrived = await arrive(tx, row, receipt.at)
  if (transitions[arrived].includes(receipt.status)) await change(tx, row, { state: receipt.status })
  return true
}

/**
 * The platform has it: ends the doubt about a delivery, also when it is about to be sent again. Resolves to the state it
 * is in now.
 */
export async function arrive(tx: Tx, row: Delivery, at: Date, externalId = row.externalId): Promise<Delivery['state']> {
  const isOpen = row.state === 'unknown' || (row.doubted && (row.state === 'queued' || row.state === 'claimed'))
  if (!isOpen && row.state !== 'sending') return row.state
  // Claimed to be sent again: its call has not begun, and finds nothing to begin with now.
  if (row.state === 'claimed') await change(tx, row, { state: 'queued' })
  await change(tx, row, { state: 'sent', externalId, reasonCode: null, reason: null, settledAt: at })
  return 'sent'
}

/**
 * Deliveries of a thread an echo could be: those without an external id whose call was made, also when it is about to be
 * made again because nobody knew. Locked, in order.
 */
export async function unnamedDeliveries(tx: Tx, threadId: string): Promise<readonly Delivery[]> {
  return tx
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.threadId, threadId),
        or(
          inArray(deliveries.state, ['sending', 'unknown', 'sent']),
          and(inArray(deliveries.state, ['queued', 'claimed']), deliveries.doubted),
        ),
        sql`${deliveries.externalId} is null`,
      ),
    )
    .orderBy(deliveries.position)
    .for('update')
}

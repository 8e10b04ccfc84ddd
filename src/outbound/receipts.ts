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
  if (!row) return false
  if (!transitions[row.state].includes(receipt.status)) return true
  if (receipt.status === 'failed') await fail(tx, row, 'platform_failed', null, hooks)
  else await change(tx, row, { state: receipt.status })
  return true
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

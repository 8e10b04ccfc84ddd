/** Gives up what waits in the queue and will never be sent. */
import { and, eq, isNull, not, or, sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/client.ts'
import { accounts, deliveries } from '../db/schema.ts'
import { type Delivery, fail, type SettleHooks } from './settle.ts'

const removedText = { en: 'The account was removed before this was sent.', zh: '发送前该账号已被移除。' }
/** So many in one transaction. */
const AT_ONCE = 100

/** An account is removed: what waits in its queue can never be sent. What is under way settles by itself. */
export async function abandonQueued(tx: Tx, accountId: string, hooks: SettleHooks): Promise<void> {
  const rows = await tx
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.accountId, accountId), eq(deliveries.state, 'queued')))
    .orderBy(deliveries.ticketId, deliveries.position)
    .for('update')
  await failFirstParts(rows, (row) => fail(tx, row, 'account_removed', removedText, hooks))
}

/**
 * What was put off for 24 hours, by whatever (credentials that are refused, the platform's pause, a delivery in doubt before it), or was
 * written or came back while its account was being removed. Parts that wait for a person's word about an earlier part of
 * their own message are left. Any node does this for all. Returns how many.
 */
export async function abandonOverdue(db: Db, hooks: SettleHooks): Promise<number> {
  const held = sql`exists (
    select from deliveries u
    where u.message_id = ${deliveries.messageId} and u.part < ${deliveries.part} and u.state not in ('queued', 'cancelled')
      and u.settled_at is null)`
  // A person's pause keeps what waits; its end gives it its time back.
  const paused = sql`exists (select from account_holds h where h.account_id = ${accounts.id})`
  return db.transaction(async (tx) => {
    const rows = await tx
      .select({ delivery: deliveries, removedAt: accounts.removedAt })
      .from(deliveries)
      .innerJoin(accounts, eq(accounts.id, deliveries.accountId))
      .where(
        and(
          eq(deliveries.state, 'queued'),
          or(not(isNull(accounts.removedAt)), and(sql`${deliveries.expiresAt} <= now()`, not(held), not(paused))),
        ),
      )
      // Tickets are locked in this order, as on the way in.
      .orderBy(deliveries.ticketId, deliveries.position)
      .limit(AT_ONCE)
      .for('update', { of: deliveries, skipLocked: true })
    const removed = new Set(rows.flatMap(({ delivery, removedAt }) => (removedAt ? delivery.id : [])))
    await failFirstParts(
      rows.map(({ delivery }) => delivery),
      (row) =>
        removed.has(row.id)
          ? fail(tx, row, 'account_removed', removedText, hooks)
          : fail(tx, row, 'expired', row.reason, hooks),
    )
    return rows.length
  })
}

/** An earlier part's failure has cancelled the rest of its message. */
async function failFirstParts(rows: readonly Delivery[], failOne: (row: Delivery) => Promise<void>): Promise<void> {
  const failed = new Set<string>()
  for (const row of rows) {
    if (!failed.has(row.messageId)) await failOne(row)
    failed.add(row.messageId)
  }
}

import { and, eq } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { deliveries } from '../db/schema.ts'
import { fail, type SettleHooks } from './settle.ts'

/** An account is removed: what waits in its queue can never be sent. What is under way settles by itself. */
export async function abandonQueued(tx: Tx, accountId: string, hooks: SettleHooks): Promise<void> {
  const rows = await tx
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.accountId, accountId), eq(deliveries.state, 'queued')))
    .orderBy(deliveries.position)
    .for('update')
  const text = { en: 'The account was removed before this was sent.', zh: '发送前该账号已被移除。' }
  const cancelled = new Set<string>()
  for (const row of rows) {
    // An earlier part's failure has cancelled the rest of its message.
    if (!cancelled.has(row.messageId)) await fail(tx, row, 'account_removed', text, hooks)
    cancelled.add(row.messageId)
  }
}

/** The task of a reply that a person carries out: it ends with the delivery, in the same transaction. */
import { and, eq } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { tasks } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'

/** The reply was taken back or given up: nobody need do it any more. */
export async function cancelTask(tx: Tx, messageId: string): Promise<void> {
  const gone = await tx
    .update(tasks)
    .set({ state: 'cancelled' })
    .where(and(eq(tasks.messageId, messageId), eq(tasks.state, 'open')))
    .returning({ brandId: tasks.brandId, ticketId: tasks.ticketId })
  await appendEvents(
    tx,
    gone.map((task) => ({ ...task, type: 'task', version: null })),
  )
}

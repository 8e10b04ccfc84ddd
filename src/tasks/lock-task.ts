import { and, eq } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Tx } from '../db/client.ts'
import { messages, tasks, threads } from '../db/schema.ts'
import { conflict, notFound } from '../problem.ts'
import { lockTicket, type TicketRow } from '../tickets/lock-ticket.ts'

export type TaskRow = typeof tasks.$inferSelect

/**
 * An open task with its ticket, both locked, behind the lock of the conversation it is about, as everywhere. Throws 404, and
 * 409 `task_not_open` when somebody else was quicker.
 */
export async function lockTask(tx: Tx, actor: Actor, id: string): Promise<{ task: TaskRow; ticket: TicketRow }> {
  const seen = and(eq(tasks.id, id), inScope(actor, tasks.brandId))
  const [found] = await tx
    .select({ ticketId: tasks.ticketId, threadId: messages.threadId })
    .from(tasks)
    .leftJoin(messages, eq(messages.id, tasks.messageId))
    .where(seen)
  if (!found) throw notFound('task')
  if (found.threadId)
    await tx.select({ id: threads.id }).from(threads).where(eq(threads.id, found.threadId)).for('update')
  // Under the lock of its conversation: until now it may have gone into another ticket.
  const [present] = await tx.select({ ticketId: tasks.ticketId }).from(tasks).where(seen)
  const ticket = await lockTicket(tx, actor, present?.ticketId ?? found.ticketId)
  const [task] = await tx.select().from(tasks).where(seen).for('update')
  if (task?.state !== 'open') throw conflict('task_not_open', 'This task is done or was taken back meanwhile.')
  return { task, ticket }
}

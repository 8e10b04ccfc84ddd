import { sql } from 'drizzle-orm'
import { writeAudit } from '../auth/audit.ts'
import type { Db } from '../db/client.ts'
import { undoReply } from '../outbound/resolve.ts'
import type { SettleHooks } from '../outbound/settle.ts'
import { Refused } from '../problem.ts'

/**
 * Takes back the replies of a stopped answer that still wait in the queue, one transaction each; what the sender took first
 * stays. Twice is once.
 */
export async function withdrawQueued(
  deps: { readonly db: Db; readonly hooks: SettleHooks; readonly now: () => Date },
  answerId: string,
): Promise<void> {
  const rows = await deps.db.execute<{ ticket_id: string; message_id: string; stopped_by: string | null }>(sql`
    select s.ticket_id, s.message_id, a.stopped_by from incident_sends s join incident_answers a on a.id = s.answer_id
    where s.answer_id = ${answerId} and s.state = 'written' and a.state = 'stopped' and exists (
      select from deliveries d where d.message_id = s.message_id and d.state = 'queued')
    order by s.ticket_id`)
  for (const { ticket_id: ticketId, message_id: messageId, stopped_by: stoppedBy } of rows) {
    try {
      await deps.db.transaction(async (tx) => {
        // Somebody may have gone on with the answer since.
        const [still] = await tx.execute(
          sql`select from incident_answers where id = ${answerId} and state = 'stopped' for share`,
        )
        if (!still) return
        await undoReply(tx, messageId)
        await deps.hooks.lostReply(tx, ticketId)
        await tx.execute(sql`
          update incident_sends set state = 'withdrawn', changed_at = ${deps.now().toISOString()}
          where answer_id = ${answerId} and ticket_id = ${ticketId} and message_id = ${messageId}`)
        await writeAudit(tx, { id: stoppedBy ?? 'system' }, 'reply.undone', `message:${messageId}`, { answerId })
      })
    } catch (error) {
      // It is being sent: too late.
      if (!(error instanceof Refused)) throw error
    }
  }
}

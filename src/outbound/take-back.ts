import { sql } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'

/**
 * A person answers: what Huixin would have said by itself in the same conversation and has not begun to send is needless
 * now, and gives back its place in the platform's count. The caller holds the thread's lock.
 */
export async function takeBackAutomatic(tx: Tx, threadId: string): Promise<void> {
  await tx.execute(sql`
    update deliveries d set state = 'cancelled', reason_code = 'overtaken', settled_at = now()
    from automatic_messages a
    where d.thread_id = ${threadId} and d.state = 'queued' and d.automatic and a.message_id = d.message_id and a.yields
      and not exists (
        select from deliveries s where s.message_id = d.message_id and s.state not in ('queued', 'cancelled'))`)
}

/** Does this reply have to wait for a supervisor? Asked in the transaction that would write it; the database asks again. */
import { sql } from 'drizzle-orm'
import type { Surface } from '../channel/events.ts'
import { cleanText } from '../channel/text.ts'
import type { Tx } from '../db/client.ts'

export interface Asked {
  /** The id the message will have. */
  readonly id: string
  readonly ticketId: string
  readonly surface: Surface
  /** Whoever it goes out for. Their role is read now: it may have changed since they wrote. */
  readonly actorId: string
  readonly text: string
  readonly automatic: boolean
}

/** As the trigger `deliveries_guard_approval` has it. */
export async function needsApproval(tx: Tx, asked: Asked): Promise<boolean> {
  if (asked.automatic || asked.surface !== 'public') return false
  const [row] = await tx.execute<{ needed: boolean }>(sql`
    select not exists (
      select from auth_user where id = ${asked.actorId} and role in ('supervisor', 'administrator')
      union all
      select from api_keys where 'key:' || id = ${asked.actorId} and role in ('supervisor', 'administrator')
      union all
      select from approvals where id = ${asked.id} and state = 'approved' and approved_text = ${wordsOf(asked.text)}
    ) as needed
    from tickets t join brand_conduct c on c.brand_id = t.brand_id
    where t.id = ${asked.ticketId} and c.approve_public`)
  return row?.needed ?? false
}

/** As a message's text is written. */
export const wordsOf = (text: string): string => cleanText(cleanText(text).trim())

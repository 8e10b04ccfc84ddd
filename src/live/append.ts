import { sql } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { events } from '../db/schema.ts'
import type { StreamEvent } from '../wire.ts'

export interface NewEvent {
  readonly brandId: string
  readonly type: Exclude<StreamEvent['type'], 'reset' | 'typing'>
  readonly ticketId: string | null
  readonly version: number | null
}

/**
 * Writes to the stream inside the transaction that made the change. Readers see it once that has committed; call
 * `hint.nudge()` after the commit to have them look at once.
 */
export async function appendEvents(tx: Tx, list: readonly NewEvent[]): Promise<void> {
  if (list.length > 0) await tx.insert(events).values([...list])
}

/** The lists that these messages are in, as mentions, changed. */
export async function tellOfMentions(tx: Tx, messageIds: readonly string[]): Promise<void> {
  await tx.execute(sql`
    insert into events (brand_id, type)
    select distinct brand_id, 'mention' from mentions where message_id = any(${`{${messageIds.join(',')}}`}::uuid[])`)
}

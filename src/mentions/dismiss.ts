import { sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import type { Db } from '../db/client.ts'
import { appendEvents } from '../live/append.ts'
import type { MentionMarks } from '../wire-mentions.ts'

export interface DismissDeps {
  readonly db: Db
  readonly now: () => Date
  readonly nudge: () => void
}

/**
 * Seen, and nothing to be done; or back in the list. Those that are so already, are tickets now, or are not the actor's to
 * see are left as they are. Returns how many changed.
 */
export async function dismissMentions(
  { db, now, nudge }: DismissDeps,
  actor: Actor,
  { ids, dismissed }: MentionMarks,
): Promise<number> {
  const changed = await db.transaction(async (tx) => {
    const at = dismissed ? sql`${now().toISOString()}::timestamptz` : sql`null`
    // In one order, so that two who clear the same list wait for each other.
    const rows = await tx.execute<{ brand_id: string }>(sql`
      with wanted as (
        select message_id from mentions
        where message_id = any(${`{${ids.join(',')}}`}::uuid[]) and ${inScope(actor, sql`brand_id`)}
          and ticket_id is null and (dismissed_at is null) = ${dismissed}
        order by message_id for update
      )
      update mentions n set dismissed_at = ${at}, dismissed_by = ${dismissed ? actor.id : null}
      from wanted w where n.message_id = w.message_id returning n.brand_id`)
    const brands = [...new Set(rows.map((row) => row.brand_id))]
    await appendEvents(
      tx,
      brands.map((brandId) => ({ brandId, type: 'mention', ticketId: null, version: null })),
    )
    if (rows.length > 0) {
      const action = dismissed ? 'mentions.dismissed' : 'mentions.restored'
      await writeAudit(tx, actor, action, ids.length === 1 ? `message:${ids[0]}` : 'mentions', { count: rows.length })
    }
    return rows.length
  })
  if (changed > 0) nudge()
  return changed
}

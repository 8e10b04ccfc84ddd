import { sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import { askPlatform, tellOf } from './settle.ts'

/**
 * What a node that died or froze left behind. A claim that never reached its call goes back to the queue; a call nobody
 * can tell the end of becomes `unknown`, never `queued`. Any node does this for all.
 */
export async function expireLeases(db: Db): Promise<number> {
  return db.transaction(async (tx) => {
    const rows = await tx.execute<{ id: string; account_id: string; ticket_id: string; state: string }>(sql`
      update deliveries d
      set state = case d.state when 'claimed' then 'queued' else 'unknown' end,
        doubted = d.doubted or d.state = 'sending',
        reason_code = case d.state when 'sending' then 'interrupted' else d.reason_code end,
        lease_until = null
      where d.id in (
        select id from deliveries where state in ('claimed', 'sending') and lease_until < now() for update skip locked)
      returning d.id, d.account_id, d.ticket_id, d.state`)
    for (const row of rows) {
      if (row.state === 'unknown') await askPlatform(tx, { id: row.id, accountId: row.account_id })
      await tellOf(tx, row.ticket_id)
    }
    return rows.length
  })
}

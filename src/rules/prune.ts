import { sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'

/** Of one rule no more failures are kept than this. */
const mostFailures = 200

/** Hits and failures are for looking at what happened lately. */
export async function pruneRules(db: Db, now: Date): Promise<void> {
  const limit = sql`${now.toISOString()}::timestamptz - interval '30 days'`
  await db.execute(sql`delete from rule_hits where at < ${limit}`)
  await db.execute(sql`delete from rule_failures where at < ${limit}`)
  await db.execute(sql`
    delete from rule_failures f using (
      select id, row_number() over (partition by rule_id order by at desc, id desc) as place from rule_failures
    ) ranked where ranked.id = f.id and ranked.place > ${mostFailures}`)
}

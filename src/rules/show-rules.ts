/** Rules as the API shows them: with what they did lately, what failed, and what they name that is gone. */
import { sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import type { Rule } from '../wire-rules.ts'
import { handlerOf } from './actions/index.ts'
import { type RuleRow, runnable, surroundings } from './load.ts'
import { mayChange } from './scope.ts'

interface Told {
  [column: string]: unknown
  id: string
  hits: number
  last: { at: string; id: string; number: number } | null
  failures: { code: string; at: string; id: string | null; number: number | null }[] | null
}

/** Failures of one rule that are shown. */
const shown = 5

/** Tickets of brands the actor does not see are counted, not named. */
export async function showRules(db: Db, actor: Actor, rows: readonly RuleRow[]): Promise<Rule[]> {
  if (rows.length === 0) return []
  const mine = inScope(actor, sql`t.brand_id`)
  const told = await db.execute<Told>(sql`
    select r.id,
      (select count(*)::int from rule_hits h where h.rule_id = r.id) as hits,
      (select json_build_object('at', h.at, 'id', t.id, 'number', t.number) from rule_hits h
        join tickets t on t.id = h.ticket_id and ${mine} where h.rule_id = r.id order by h.at desc limit 1) as last,
      (select json_agg(f) from (
        select f.code, f.at, t.id, t.number from rule_failures f left join tickets t on t.id = f.ticket_id and ${mine}
        where f.rule_id = r.id order by f.at desc, f.id desc limit ${shown}) f) as failures
    from rules r where r.id = any(${`{${rows.map(({ id }) => id).join(',')}}`}::uuid[])`)
  const byId = new Map(told.map((one) => [one.id, one]))
  // A rule for several brands may name somebody who works on one of them only.
  const { targets } = await surroundings(db, null)
  return rows.map((row) => {
    const { last, failures, hits = 0 } = byId.get(row.id) ?? {}
    const gone = runnable(row).actions.flatMap((action) => handlerOf(action).gone(action, targets) ?? [])
    const { id, en, zh, enabled, brandIds, conditions, actions, stops, revision, shipped, failedAt } = row
    return {
      id,
      en,
      zh,
      enabled,
      brandIds,
      conditions,
      actions,
      stops,
      revision,
      shipped: shipped !== null,
      mine: mayChange(actor, row),
      hits,
      lastHit: last ? { at: new Date(last.at).toISOString(), ticketId: last.id, number: last.number } : null,
      failures: (failures ?? []).map(({ code, at, id: ticketId, number }) => ({
        code,
        at: new Date(at).toISOString(),
        ticket: ticketId === null || number === null ? null : { id: ticketId, number },
      })),
      failedAt: failedAt?.toISOString() ?? null,
      gone: [...new Set(gone)],
    }
  })
}

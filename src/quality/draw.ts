/**
 * Draws answers for review: so many of each agent a week. By chance, but the same chance for everybody: answers are put in
 * the order of a hash of their id and week, and the first are taken. What was drawn stays, also when the sheet asks for fewer.
 */
import { sql } from 'drizzle-orm'
import type { DueHandler } from '../db/run-due.ts'
import { isAnswer } from '../figures/query.ts'
import { currentSheet, type QualityDeps } from './sheet.ts'

const dayMs = 86_400_000
const weekMs = 7 * dayMs
/** 1970-01-05 was a Monday. */
const firstMonday = 4 * dayMs

/** The Monday a time's week begins with, UTC. */
export const weekOf = (time: Date) =>
  new Date(Math.floor((time.getTime() - firstMonday) / weekMs) * weekMs + firstMonday)

/** Due work, recurring: the week that is over, whenever it is over. */
export const drawKind = 'quality_draw'

export function drawHandler(deps: QualityDeps): DueHandler {
  return async () => {
    await drawWeek(deps, new Date(weekOf(deps.now()).getTime() - weekMs))
    return { again: new Date(deps.now().getTime() + 6 * 3_600_000) }
  }
}

/**
 * Of people who sign in, what left or still may; not what went to all tickets of an incident, which is nobody's own. Twice
 * draws nothing more. Returns how many are new.
 */
export async function drawWeek({ db, now }: QualityDeps, week: Date): Promise<number> {
  const { perAgent } = await currentSheet(db)
  return db.transaction(async (tx) => {
    // Two nodes, or somebody's press, at once: one after the other.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('quality_draw'))`)
    const rows = await tx.execute(drawQuery(week, perAgent, now()))
    return rows.length
  })
}

function drawQuery(week: Date, perAgent: number, now: Date) {
  const [from, to] = [week.toISOString(), new Date(week.getTime() + weekMs).toISOString()]
  return sql`
    insert into quality_samples (message_id, brand_id, ticket_id, user_id, week, answered_at, drawn_at)
    select id, brand_id, ticket_id, user_id, ${from}::timestamptz, ordered_at, ${now.toISOString()}::timestamptz from (
      select m.id, t.brand_id, m.ticket_id, m.user_id, m.ordered_at,
        row_number() over (partition by m.user_id order by md5(m.id::text || ${from}), m.id) as place,
        (select count(*) from quality_samples s where s.user_id = m.user_id and s.week = ${from}::timestamptz) as drawn
      from tickets t join messages m on m.ticket_id = t.id join auth_user u on u.id = m.user_id
      where t.last_message_at >= ${from}::timestamptz and m.ordered_at >= ${from}::timestamptz
        and m.ordered_at < ${to}::timestamptz and ${isAnswer} and coalesce(m.text, '') <> ''
        and not exists (select from incident_sends s where s.ticket_id = m.ticket_id and s.message_id = m.id)
        and not exists (select from quality_samples s where s.message_id = m.id)
    ) answers where place <= greatest(0, ${perAgent} - drawn)
    on conflict do nothing returning message_id`
}

/** What may be looked at already: this week's answers so far, too. */
export async function drawNow(deps: QualityDeps): Promise<number> {
  const week = weekOf(deps.now())
  return (await drawWeek(deps, new Date(week.getTime() - weekMs))) + (await drawWeek(deps, week))
}

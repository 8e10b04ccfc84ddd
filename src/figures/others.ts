/** Figures of what other parts of the house keep: promises (`clocks`), what customers said when they were asked (`answers`), categories. */
import { type SQL, sql } from 'drizzle-orm'
import type { Bilingual } from '../channel/errors.ts'
import type { Tx } from '../db/client.ts'
import { categories } from '../db/schema.ts'
import { counted, type Scope, ticketsOf } from './query.ts'

/** What tickets' categories are called; without an entry: by their own name. */
export async function categoryTitles(tx: Tx): Promise<ReadonlyMap<string, Bilingual>> {
  const rows = await tx.select({ id: categories.id, en: categories.en, zh: categories.zh }).from(categories)
  return new Map(rows.map(({ id, en, zh }) => [id, { en, zh }]))
}

/** Promises that were kept, when they were, and those that were not, when their time was over; running ones too. */
export function promisesQuery(scope: Scope, now: Date): SQL {
  const met = sql`k.state = 'met'`
  const decided = sql`case when ${met} then coalesce(k.stopped_at, k.due_at) else coalesce(k.due_at, k.stopped_at) end`
  const isDecided = sql`(k.state in ('met', 'missed') or (k.state = 'running' and k.due_at < ${now.toISOString()}::timestamptz))`
  return counted(
    scope,
    decided,
    sql`t.assignee_id`,
    sql`(${met})::int * 100 as value`,
    sql`from clocks k join tickets t on t.id = k.ticket_id ${ticketsOf} where k.kind <> 'progress' and ${isDecided} and`,
  )
}

/** From 1 to 5: the newest of each ticket. */
export function satisfactionQuery(scope: Scope): SQL {
  return counted(
    scope,
    sql`s.at`,
    sql`t.assignee_id`,
    sql`s.value`,
    sql`from (
      select distinct on (ticket_id) ticket_id, value, at from answers where kind = 'satisfaction'
      order by ticket_id, at desc, id desc
    ) s join tickets t on t.id = s.ticket_id ${ticketsOf} where`,
  )
}

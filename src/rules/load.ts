/** The rules that are on, and what there is for them to name. */
import { and, asc, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../db/client.ts'
import { rules } from '../db/schema.ts'
import { lineOf, listCategories } from '../tickets/categories.ts'
import { RuleAction, RuleCondition } from '../wire-rules.ts'
import type { Targets } from './actions/action.ts'
import type { RuleToRun } from './evaluate.ts'

export type RuleRow = typeof rules.$inferSelect

/** Lists of words are long, and the same for thousands of messages. */
export function createRuleLoader(db: Db) {
  const parsed = new Map<string, RuleToRun>()
  return async function rulesOf(brandId: string): Promise<RuleToRun[]> {
    const heads = await db
      .select({ id: rules.id, revision: rules.revision })
      .from(rules)
      .where(and(eq(rules.enabled, true), sql`(${rules.brandIds} is null or ${brandId} = any(${rules.brandIds}))`))
      .orderBy(asc(rules.position), asc(rules.id))
    const missing = heads.filter(({ id, revision }) => !parsed.has(`${id} ${revision}`)).map(({ id }) => id)
    if (missing.length > 0) {
      if (parsed.size > 1_000) parsed.clear()
      const rows = await db.select().from(rules).where(sql`${rules.id} in ${missing}`)
      for (const row of rows) parsed.set(`${row.id} ${row.revision}`, runnable(row))
    }
    // One that changed between the two reads is run with the next message.
    return heads.flatMap(({ id, revision }) => parsed.get(`${id} ${revision}`) ?? [])
  }
}

/** One that an older version stored in another shape fails when it is asked, and its author is told. */
export function runnable(row: Pick<RuleRow, 'id' | 'conditions' | 'actions' | 'stops'>): RuleToRun {
  const conditions = z.array(RuleCondition).safeParse(row.conditions)
  const actions = z.array(RuleAction).safeParse(row.actions)
  return {
    id: row.id,
    conditions: conditions.success && actions.success ? conditions.data : [{ type: 'unreadable' } as never],
    actions: actions.success ? actions.data : [],
    stops: row.stops,
  }
}

export interface Surroundings {
  readonly targets: Targets
  readonly above: (category: string) => readonly string[]
}

/** Of a brand. Null: whoever works on any (the tester's, where no brand is chosen). */
export async function surroundings(db: Db, brandId: string | null): Promise<Surroundings> {
  const all = await listCategories(db)
  const people = await db.execute<{ id: string }>(sql`
    select u.id from auth_user u where u.banned is not true and (u.role = 'administrator'
      or exists (select from brand_members m where m.user_id = u.id
        and ${brandId === null ? sql`true` : sql`m.brand_id = ${brandId}`}))`)
  const teams = await db.execute<{ id: string }>(
    sql`select id from teams where ${brandId === null ? sql`true` : sql`(brand_ids is null or ${brandId} = any(brand_ids))`}`,
  )
  return {
    targets: {
      categories: new Set(all.filter(({ archived }) => !archived).map(({ id }) => id)),
      teams: new Set(teams.map(({ id }) => id)),
      people: new Set(people.map(({ id }) => id)),
    },
    above: (category) => {
      const line = lineOf(all, category).map(({ id }) => id)
      return line.length > 0 ? line : [category]
    },
  }
}

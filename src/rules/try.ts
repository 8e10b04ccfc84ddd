/** The tester: which rules a text would hit and why; and what the rules would make of the last tickets. Nothing is changed. */
import { sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import type { Priority } from '../db/schema.ts'
import { factsIn } from '../facts/read-text.ts'
import { languageOf } from '../mentions/language.ts'
import { notFound, unprocessable } from '../problem.ts'
import type { RuleDryRun, RuleTest, RuleTestResult } from '../wire-rules.ts'
import type { Outcome } from './actions/action.ts'
import { hourIn } from './conditions.ts'
import { runRules } from './evaluate.ts'
import { runnable, surroundings } from './load.ts'
import { allRules } from './manage.ts'
import type { Patterns } from './pattern.ts'
import { plainOf } from './plain.ts'
import { sees } from './scope.ts'
import { readSubject } from './situation.ts'

export interface TryDeps {
  readonly db: Db
  readonly now: () => Date
  readonly patterns: Patterns
}

const blank: Outcome = { category: null, priority: 'normal', tags: [], team: null, assignee: null, question: null }

/** Throws 404 for a brand the actor does not see, 422 `bad_time_zone`. */
export async function testRules(deps: TryDeps, actor: Actor, asked: RuleTest): Promise<RuleTestResult> {
  const { db } = deps
  const { brandId } = asked
  if (brandId !== undefined && actor.brandIds !== null && !actor.brandIds.includes(brandId)) throw notFound('brand')
  const rows = (await allRules(db)).filter(
    (rule) =>
      sees(actor, rule) &&
      (asked.all || rule.enabled) &&
      (brandId === undefined || rule.brandIds === null || rule.brandIds.includes(brandId)),
  )
  const { above, targets } = await surroundings(db, brandId ?? null)
  const language = asked.language ?? languageOf(asked.text)
  const read = new Set<string>(factsIn(asked.text).map(({ field }) => field))
  const { rules, outcome } = await runRules(
    rows.map(runnable),
    {
      message: {
        original: asked.text,
        text: plainOf(asked.text),
        channel: asked.channel ?? null,
        surface: asked.surface,
        followers: asked.followers,
        language,
        at: timeAt(deps.now(), asked),
        history: async () => asked.history,
        missing: new Set(['model', 'serial', 'purchasedOn', 'proofId'].filter((field) => !read.has(field))),
        above,
      },
      ticket: blank,
      guards: { fixed: new Set(), earlier: new Set() },
      targets,
      explain: true,
    },
    deps.patterns,
  )
  return {
    language,
    rules: rules.map(({ id, hits, stopped, failure, conditions, did }, index) => {
      const { en, zh, enabled } = rows[index]!
      const told = conditions.map(({ type, holds, marks }) => ({ type, holds, marks: [...marks] }))
      return { id, en, zh, enabled, hits, stopped, failure, conditions: told, does: [...did] }
    }),
    outcome: { ...outcome, tags: [...outcome.tags] },
  }
}

/** Today, at that hour there. */
function timeAt(now: Date, { hour, timeZone }: RuleTest): Date {
  if (hour === undefined) return now
  try {
    return new Date(now.getTime() + (hour - hourIn(timeZone, now)) * 3_600_000)
  } catch {
    throw unprocessable('bad_time_zone', 'There is no such time zone.', { timeZone })
  }
}

const LAST = 100

/** The newest tickets the actor sees, by their customer's newest message, as if nothing had been set. */
export async function dryRun(deps: TryDeps, actor: Actor): Promise<RuleDryRun> {
  const { db } = deps
  const rows = (await allRules(db)).filter((rule) => rule.enabled && sees(actor, rule))
  const found = await db.execute<{
    id: string
    number: number
    preview: string
    brand_id: string
    category: string | null
    priority: Priority
    message_id: string
  }>(sql`
    select t.id, t.number::float8 as number, t.preview, t.brand_id, t.category, t.priority, m.id as message_id
    from (select * from tickets where ${inScope(actor, sql`brand_id`)} order by last_message_at desc, id desc limit ${LAST}) t
    cross join lateral (
      select id from messages where ticket_id = t.id and direction = 'inbound' and deleted_at is null
      order by ordered_at, id limit 1
    ) m
    order by t.last_message_at desc, t.id desc`)
  const around = new Map<string, Awaited<ReturnType<typeof surroundings>>>()
  const tickets: RuleDryRun['tickets'] = []
  for (const { id, number, preview, brand_id, category, priority, message_id } of found) {
    const subject = await readSubject(db, message_id)
    if (!subject) continue
    const { above, targets } = around.get(brand_id) ?? (await surroundings(db, brand_id))
    around.set(brand_id, { above, targets })
    const ofBrand = rows.filter(({ brandIds }) => brandIds === null || brandIds.includes(brand_id))
    const { rules, outcome } = await runRules(
      ofBrand.map(runnable),
      {
        message: { ...subject.message, above },
        ticket: blank,
        guards: { fixed: new Set(), earlier: new Set() },
        targets,
      },
      deps.patterns,
    )
    tickets.push({
      id,
      number,
      preview,
      hits: rules.filter(({ hits }) => hits).map((rule) => rule.id),
      now: { category, priority },
      would: { category: outcome.category, priority: outcome.priority },
    })
  }
  return { tickets }
}

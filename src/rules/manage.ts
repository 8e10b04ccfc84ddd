/** The rules as supervisors see and administrators change them. A rule is the actor's to change who sees all its brands. */
import { asc, eq, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { requireBrands } from '../auth/brands.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { rules } from '../db/schema.ts'
import { conflict, forbidden, notFound, unprocessable } from '../problem.ts'
import type { NewRule, Rule, RulePut } from '../wire-rules.ts'
import { hourIn } from './conditions.ts'
import type { RuleRow } from './load.ts'
import { mayChange, sees } from './scope.ts'
import { showRules } from './show-rules.ts'

export interface ManageDeps {
  readonly db: Db
  readonly now: () => Date
}

const mostRules = 200
const LOCK = 4_853_011

/** Those that look at a brand the actor sees, in their order. */
export async function listRules(db: Db, actor: Actor): Promise<Rule[]> {
  return showRules(
    db,
    actor,
    (await allRules(db)).filter((rule) => sees(actor, rule)),
  )
}

/** Throws 403 for brands that are not the actor's, 422 `unknown_brand`, `bad_pattern`, `bad_time_zone`, `too_many`. */
export async function addRule({ db, now }: ManageDeps, actor: Actor, wanted: NewRule): Promise<Rule> {
  checkRule(wanted)
  const id = newId()
  await db.transaction(async (tx) => {
    await lockOrder(tx)
    const brandIds = await brandsOf(tx, actor, wanted)
    const all = await allRules(tx)
    if (all.length >= mostRules) throw unprocessable('too_many', 'There are too many rules.', { most: mostRules })
    const position = (all.at(-1)?.position ?? -1) + 1
    const times = { createdAt: now(), updatedAt: now() }
    await tx.insert(rules).values({ id, position, createdBy: actor.id, ...times, ...valuesOf(wanted), brandIds })
    await writeAudit(tx, actor, 'rule.added', `rule:${id}`)
  })
  return showOne(db, actor, id)
}

/** Throws also 404, and 409 `rule_changed` when `revision` is another by now. */
export async function changeRule({ db, now }: ManageDeps, actor: Actor, id: string, wanted: RulePut): Promise<Rule> {
  checkRule(wanted)
  await db.transaction(async (tx) => {
    const rule = await lockRule(tx, actor, id)
    if (rule.revision !== wanted.revision) {
      throw conflict('rule_changed', 'Somebody changed this rule since you opened it.')
    }
    const brandIds = await brandsOf(tx, actor, wanted)
    await tx
      .update(rules)
      .set({
        ...valuesOf(wanted),
        brandIds,
        revision: rule.revision + 1,
        updatedAt: now(),
        failures: 0,
        failedAt: wanted.enabled ? null : rule.failedAt,
      })
      .where(eq(rules.id, id))
    await writeAudit(tx, actor, 'rule.changed', `rule:${id}`)
  })
  return showOne(db, actor, id)
}

/** Switching on forgives what failed before. */
export async function switchRule(deps: ManageDeps, actor: Actor, id: string, enabled: boolean): Promise<Rule> {
  await deps.db.transaction(async (tx) => {
    const rule = await lockRule(tx, actor, id)
    if (rule.enabled === enabled) return
    await tx
      .update(rules)
      .set({ enabled, ...(enabled ? { failures: 0, failedAt: null } : {}) })
      .where(eq(rules.id, id))
    await writeAudit(tx, actor, enabled ? 'rule.switched_on' : 'rule.switched_off', `rule:${id}`)
  })
  return showOne(deps.db, actor, id)
}

/** Throws 422 `shipped_rule` for one that came with Huixin: it is switched off instead. */
export async function deleteRule(db: Db, actor: Actor, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const rule = await lockRule(tx, actor, id)
    if (rule.shipped !== null) throw unprocessable('shipped_rule', 'A shipped rule is switched off, not deleted.')
    await tx.delete(rules).where(eq(rules.id, id))
    await writeAudit(tx, actor, 'rule.deleted', `rule:${id}`)
  })
}

/** The rules the actor sees, all of them, in their new order; those of others keep their places between. */
export async function orderRules(db: Db, actor: Actor, ids: readonly string[]): Promise<Rule[]> {
  if (actor.brandIds !== null) throw forbidden()
  await db.transaction(async (tx) => {
    await lockOrder(tx)
    const all = await allRules(tx)
    const known = new Set(all.map(({ id }) => id))
    if (ids.length !== known.size || new Set(ids).size !== ids.length || ids.some((id) => !known.has(id))) {
      throw conflict('rules_changed', 'Somebody added or deleted a rule meanwhile.')
    }
    for (const [position, id] of ids.entries()) await tx.update(rules).set({ position }).where(eq(rules.id, id))
    await writeAudit(tx, actor, 'rules.ordered', 'rules:all')
  })
  return listRules(db, actor)
}

export const allRules = (db: Db | Tx): Promise<RuleRow[]> =>
  db.select().from(rules).orderBy(asc(rules.position), asc(rules.id))

async function showOne(db: Db, actor: Actor, id: string): Promise<Rule> {
  const [rule] = await showRules(db, actor, await db.select().from(rules).where(eq(rules.id, id)))
  if (!rule) throw notFound('rule')
  return rule
}

async function lockRule(tx: Tx, actor: Actor, id: string): Promise<RuleRow> {
  const [rule] = await tx.select().from(rules).where(eq(rules.id, id)).for('update')
  if (!rule || !sees(actor, rule)) throw notFound('rule')
  if (!mayChange(actor, rule)) throw forbidden()
  return rule
}

const lockOrder = (tx: Tx) => tx.execute(sql`select pg_advisory_xact_lock(${LOCK})`)

async function brandsOf(tx: Tx, actor: Actor, { brandIds }: NewRule): Promise<string[] | null> {
  const wanted = brandIds === null ? null : await requireBrands(tx, brandIds)
  if (!mayChange(actor, { brandIds: wanted })) throw forbidden()
  return wanted
}

function valuesOf({ en, zh, enabled, conditions, actions, stops }: NewRule) {
  // Words are stored as jsonb, which knows no NUL and no half of a letter.
  const clean = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value, (_key, part) => (typeof part === 'string' ? cleanText(part) : part)))
  return {
    en: cleanText(en),
    zh: cleanText(zh),
    enabled,
    conditions: clean(conditions),
    actions: clean(actions),
    stops,
  }
}

/** What can be told wrong without a text. Whether a pattern ends is seen when it is run. */
export function checkRule({ conditions }: NewRule): void {
  for (const condition of conditions) {
    if (condition.type === 'pattern') {
      try {
        new RegExp(condition.pattern, 'iu')
      } catch {
        throw unprocessable('bad_pattern', 'The pattern cannot be read.', { pattern: condition.pattern })
      }
    }
    if (condition.type !== 'hour') continue
    try {
      hourIn(condition.timeZone, new Date(0))
    } catch {
      throw unprocessable('bad_time_zone', 'There is no such time zone.', { timeZone: condition.timeZone })
    }
  }
}

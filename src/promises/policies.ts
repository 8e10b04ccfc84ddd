/** Policies: read by supervisors, kept by administrators. A change makes every clock be worked out again. */
import { asc, eq, inArray, max } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { requireBrands } from '../auth/brands.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { calendars, policies, teams } from '../db/schema.ts'
import { notFound, unprocessable } from '../problem.ts'
import type { NewPolicy, Policy } from '../wire.ts'
import { askAnew } from './recompute.ts'

/** In the order in which they are asked. */
export async function listPolicies(db: Db | Tx): Promise<Policy[]> {
  const rows = await db.select().from(policies).orderBy(asc(policies.position), asc(policies.id))
  return rows.map(show)
}

/** The last one asked. Throws 422 `unknown_brand`, `unknown_calendar`, `unknown_team`, `calendar_missing`, `too_many`. */
export async function addPolicy(db: Db, actor: Actor, now: Date, wanted: NewPolicy): Promise<Policy> {
  return db.transaction(async (tx) => {
    await askAnew(tx, now)
    if ((await tx.$count(policies)) >= 100)
      throw unprocessable('too_many', 'There are too many policies.', { most: 100 })
    const values = await valuesOf(tx, wanted)
    const [last] = await tx.select({ position: max(policies.position) }).from(policies)
    const row = { id: newId(), position: (last?.position ?? 0) + 1, ...values }
    const [added] = await tx.insert(policies).values(row).returning()
    await writeAudit(tx, actor, 'policy.added', `policy:${row.id}`, values)
    return show(added!)
  })
}

/** Replaces it. Throws also 404. */
export async function changePolicy(db: Db, actor: Actor, now: Date, id: string, wanted: NewPolicy): Promise<Policy> {
  return db.transaction(async (tx) => {
    await askAnew(tx, now)
    const values = await valuesOf(tx, wanted)
    const [changed] = await tx.update(policies).set(values).where(eq(policies.id, id)).returning()
    if (!changed) throw notFound('policy')
    await writeAudit(tx, actor, 'policy.changed', `policy:${id}`, values)
    return show(changed)
  })
}

export async function deletePolicy(db: Db, actor: Actor, now: Date, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    await askAnew(tx, now)
    const gone = await tx.delete(policies).where(eq(policies.id, id)).returning({ id: policies.id })
    if (gone.length === 0) throw notFound('policy')
    await writeAudit(tx, actor, 'policy.deleted', `policy:${id}`)
  })
}

/** Throws 422 `unknown_policy` unless every one is named once. */
export async function orderPolicies(db: Db, actor: Actor, now: Date, ids: readonly string[]): Promise<Policy[]> {
  return db.transaction(async (tx) => {
    await askAnew(tx, now)
    const rows = await tx.select({ id: policies.id }).from(policies).for('update')
    const known = new Set(rows.map(({ id }) => id))
    if (ids.length !== known.size || new Set(ids).size !== ids.length || !ids.every((id) => known.has(id))) {
      throw unprocessable('unknown_policy', 'The policies have changed meanwhile.')
    }
    for (const [index, id] of ids.entries()) {
      await tx
        .update(policies)
        .set({ position: index + 1 })
        .where(eq(policies.id, id))
    }
    await writeAudit(tx, actor, 'policy.ordered', 'policy:all', { ids })
    return listPolicies(tx)
  })
}

async function valuesOf(tx: Tx, wanted: NewPolicy) {
  const { calendarId, steps } = wanted
  const needs = Object.values(wanted.targets).some((target) => target?.working)
  if (needs && calendarId === null) throw unprocessable('calendar_missing', 'Working time needs a calendar.')
  if (calendarId !== null) {
    const [found] = await tx
      .select({ id: calendars.id })
      .from(calendars)
      .where(eq(calendars.id, calendarId))
      .for('key share')
    if (!found) throw unprocessable('unknown_calendar', 'There is no such calendar.')
  }
  const teamIds = [...new Set(steps.flatMap(({ teamId }) => teamId ?? []))]
  const known = await tx.select({ id: teams.id }).from(teams).where(inArray(teams.id, teamIds))
  if (known.length < teamIds.length) throw unprocessable('unknown_team', 'There is no such team.')
  const targets = Object.fromEntries(Object.entries(wanted.targets).filter(([, target]) => target !== undefined))
  return {
    ...wanted,
    name: cleanText(wanted.name),
    brandIds: wanted.brandIds && (await requireBrands(tx, wanted.brandIds)),
    channels: wanted.channels?.map(cleanText) ?? null,
    targets,
    steps: steps.map((step) => ({ ...step, tag: step.tag && cleanText(step.tag) })),
  }
}

function show({ position: _, createdAt: __, priorities, warn, breach, ...row }: typeof policies.$inferSelect): Policy {
  return { ...row, priorities: priorities as Policy['priorities'], warn, breach }
}

/** Every installation has the shipped rules, switched off; what somebody made of one stays. */
import { sql } from 'drizzle-orm'
import { systemActor } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { rules } from '../db/schema.ts'
import { shippedRules } from './shipped/index.ts'

/** Nodes that start together make each once. A shipped one of a newer version comes behind those that are there. */
export async function ensureShippedRules(db: Db, now: Date): Promise<void> {
  const there = await db.select({ name: rules.shipped }).from(rules).where(sql`${rules.shipped} is not null`)
  const missing = shippedRules.filter(({ name }) => !there.some((one) => one.name === name))
  if (missing.length === 0) return
  const [last] = await db.select({ position: sql<number>`coalesce(max(${rules.position}), -1)::int` }).from(rules)
  const first = (last?.position ?? -1) + 1
  await db
    .insert(rules)
    .values(
      missing.map(({ name, en, zh, conditions, actions, stops = false }, index) => ({
        id: newId(),
        shipped: name,
        position: first + index,
        en,
        zh,
        conditions: [...conditions],
        actions: [...actions],
        stops,
        createdBy: systemActor.id,
        createdAt: now,
        updatedAt: now,
      })),
    )
    .onConflictDoNothing()
}

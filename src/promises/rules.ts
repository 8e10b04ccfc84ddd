/** The policies in force, with their calendars, and which of them is a ticket's. */
import { asc, eq, sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/client.ts'
import { calendars, installation, policies } from '../db/schema.ts'
import type { Facts } from './facts.ts'

export type PolicyRow = typeof policies.$inferSelect
export type CalendarRow = typeof calendars.$inferSelect

export interface Rule extends Omit<PolicyRow, 'calendarId'> {
  readonly calendar: CalendarRow | null
}

export interface Rules {
  /** Rises with every change of a policy or a calendar. */
  readonly revision: number
  /** In their order. */
  readonly policies: readonly Rule[]
}

const revisionKey = 'promises_revision'

/** The number is read first: rules that are newer than it only make a result that will be worked out again. */
export async function loadRules(db: Db | Tx): Promise<Rules> {
  const revision = await readRevision(db)
  const rows = await db
    .select({ policy: policies, calendar: calendars })
    .from(policies)
    .leftJoin(calendars, eq(calendars.id, policies.calendarId))
    .where(eq(policies.enabled, true))
    .orderBy(asc(policies.position), asc(policies.id))
  return { revision, policies: rows.map(({ policy, calendar }) => ({ ...policy, calendar })) }
}

/** What is true of a ticket that a policy may ask for. A new condition is one line here and a column of `policies`. */
export function ruleFor(rules: Rules, ticket: Pick<Facts, 'brandId' | 'channel' | 'priority'>): Rule | null {
  return (
    rules.policies.find(
      ({ brandIds, channels, priorities }) =>
        (brandIds?.includes(ticket.brandId) ?? true) &&
        (channels?.includes(ticket.channel) ?? true) &&
        (priorities?.includes(ticket.priority) ?? true),
    ) ?? null
  )
}

async function readRevision(db: Db | Tx): Promise<number> {
  const [row] = await db.select().from(installation).where(eq(installation.key, revisionKey))
  return Number(row?.value ?? 0)
}

/** In the transaction that changes a policy or a calendar; one such change at a time. */
export async function raiseRevision(tx: Tx): Promise<void> {
  await tx
    .insert(installation)
    .values({ key: revisionKey, value: '1' })
    .onConflictDoUpdate({ target: installation.key, set: { value: sql`(${installation.value}::int + 1)::text` } })
}

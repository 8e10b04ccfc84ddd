/** Works out the clocks of tickets and writes them down, with the time at which each ticket has to be looked at again. */
import { inArray, sql } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { insertRows } from '../db/insert-rows.ts'
import { clocks, dueWork } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import { nextAlarm } from './alarms.ts'
import { type Clock, computeClocks } from './compute.ts'
import { type Facts, readFacts } from './facts.ts'
import { type Rule, type Rules, ruleFor } from './rules.ts'

export type ClockRow = typeof clocks.$inferSelect

/** Due work whose subject is a ticket's id: one of its clocks has something to say. */
export const clockKind = 'clock'

/**
 * Idempotent, and without locks: a result of older facts or rules never takes the place of a newer one. Returns the tickets
 * whose clocks changed.
 */
export async function refreshClocks(
  tx: Tx,
  rules: Rules,
  ids: readonly string[],
  /** False: the caller is the timer, and sets its own next time. */
  timers = true,
): Promise<Facts[]> {
  const facts = await readFacts(tx, ids)
  if (facts.length === 0) return []
  const before = await tx
    .select()
    .from(clocks)
    .where(
      inArray(
        clocks.ticketId,
        facts.map(({ id }) => id),
      ),
    )
  const byTicket = Map.groupBy(before, ({ ticketId }) => ticketId)
  const wanted: ClockRow[] = []
  const gone: ClockRow[] = []
  const changed = new Set<string>()
  const rowsOf = new Map<string, ClockRow[]>()
  for (const ticket of facts) {
    const old = byTicket.get(ticket.id) ?? []
    const rule = ruleFor(rules, ticket)
    const rows = rule ? computeClocks(ticket, rule).map((clock) => rowOf(ticket, rule, rules.revision, clock, old)) : []
    rowsOf.set(ticket.id, rows)
    for (const row of rows) {
      const known = old.find(({ kind }) => kind === row.kind)
      const isNew = !known || !isSame(known, row)
      // Also what stays as it is: otherwise a result of older facts that comes later would find an older one there.
      if (isNew || isOlder(known, row)) wanted.push(row)
      if (isNew) changed.add(ticket.id)
    }
    for (const row of old) if (!rows.some(({ kind }) => kind === row.kind)) gone.push(row)
  }
  for (const row of gone) {
    // What was kept or broken stays on record, though a promise is not made any more.
    if (row.stoppedAt !== null) continue
    changed.add(row.ticketId)
    await tx.execute(sql`
      delete from clocks where ticket_id = ${row.ticketId} and kind = ${row.kind}
        and (revision, ticket_version) <= (${rules.revision}::int, ${facts.find(({ id }) => id === row.ticketId)?.version ?? 0}::int)`)
  }
  await insertRows(tx, clocks, wanted, onlyNewer)
  if (timers) await setTimers(tx, rules, facts, rowsOf)
  const told = facts.filter(({ id }) => changed.has(id))
  await appendEvents(
    tx,
    told.map(({ id, brandId, version }) => ({ brandId, type: 'ticket' as const, ticketId: id, version })),
  )
  return told
}

const columns = [
  'brand_id',
  'policy_id',
  'state',
  'started_at',
  'due_at',
  'warn_at',
  'left_ms',
  'stopped_at',
  'revision',
  'ticket_version',
]
/** What was said of a clock stays with it as long as it is the same clock, due at the same time: see `alarms.ts`. */
const onlyNewer = `on conflict (ticket_id, kind) do update set ${columns.map((name) => `${name} = excluded.${name}`).join(', ')},
  steps_done = case when clocks.due_at is not distinct from excluded.due_at then clocks.steps_done else 0 end
  where (excluded.revision, excluded.ticket_version) >= (clocks.revision, clocks.ticket_version)`

function rowOf(ticket: Facts, rule: Rule, revision: number, clock: Clock, old: readonly ClockRow[]): ClockRow {
  const known = old.find(({ kind }) => kind === clock.kind)
  const row: ClockRow = {
    ticketId: ticket.id,
    brandId: ticket.brandId,
    policyId: rule.id,
    ...clock,
    revision,
    ticketVersion: ticket.version,
    warnedFor: known?.warnedFor ?? null,
    breachedFor: known?.breachedFor ?? null,
    stepsDone: known?.stepsDone ?? 0,
  }
  // Whether it was kept was settled by the rules of that time.
  const isSettled = known?.stoppedAt && clock.stoppedAt && sameTime(known.stoppedAt, clock.stoppedAt)
  if (!known || !isSettled || !sameTime(known.startedAt, clock.startedAt)) return row
  const { policyId, state, dueAt, warnAt, leftMs } = known
  return { ...row, policyId, state, dueAt, warnAt, leftMs }
}

const sameTime = (a: Date | null, b: Date | null) => a?.getTime() === b?.getTime()

const isOlder = (a: ClockRow, b: ClockRow) =>
  a.revision < b.revision || (a.revision === b.revision && a.ticketVersion < b.ticketVersion)

function isSame(a: ClockRow, b: ClockRow): boolean {
  return (
    a.state === b.state &&
    a.policyId === b.policyId &&
    a.leftMs === b.leftMs &&
    sameTime(a.startedAt, b.startedAt) &&
    sameTime(a.dueAt, b.dueAt) &&
    sameTime(a.warnAt, b.warnAt) &&
    sameTime(a.stoppedAt, b.stoppedAt)
  )
}

/**
 * A timer is only ever made earlier: one that runs too early works its clocks out once more, and one that an older result made
 * late would be missed. Those that are not needed any more go, unless a newer result runs a clock.
 */
async function setTimers(
  tx: Tx,
  rules: Rules,
  facts: readonly Facts[],
  rowsOf: ReadonlyMap<string, readonly ClockRow[]>,
): Promise<void> {
  const due: { id: string; kind: string; subject: string; dueAt: Date }[] = []
  const idle: string[] = []
  for (const ticket of facts) {
    const rule = ruleFor(rules, ticket)
    const times = (rowsOf.get(ticket.id) ?? []).flatMap((row) => (rule ? (nextAlarm(row, rule)?.at ?? []) : []))
    if (times.length === 0) idle.push(ticket.id)
    else due.push({ id: newId(), kind: clockKind, subject: ticket.id, dueAt: new Date(Math.min(...times.map(Number))) })
  }
  await insertRows(tx, dueWork, due, onlyEarlier)
  if (idle.length > 0) {
    await tx.execute(sql`
      delete from due_work where kind = ${clockKind} and subject = any(${`{${idle.join(',')}}`}::text[])
        and lease_until is null
        and not exists (
          select from clocks c where c.ticket_id = any(${`{${idle.join(',')}}`}::uuid[]) and c.state = 'running'
            and c.ticket_id::text = due_work.subject)`)
  }
}

const onlyEarlier = `on conflict (kind, subject) do update set
  due_at = least(due_work.due_at, excluded.due_at), attempts = 0, parked_at = null`

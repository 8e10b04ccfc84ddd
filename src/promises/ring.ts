/** A ticket's timer has come: warn, say that a promise was broken, take the next step. */
import { and, eq } from 'drizzle-orm'
import { type Actor, systemActor } from '../auth/actor.ts'
import type { Db, Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import type { DueHandler } from '../db/run-due.ts'
import { clocks, type EscalationStep, priorities, teams, tickets } from '../db/schema.ts'
import { peopleOf, supervisorsOf } from '../notices/hearers.ts'
import { tellPeople } from '../notices/notices.ts'
import { applyPatch } from '../tickets/change.ts'
import type { TicketRow } from '../tickets/lock-ticket.ts'
import type { TicketPatch } from '../wire.ts'
import { type Alarm, nextAlarm } from './alarms.ts'
import { type ClockRow, refreshClocks } from './refresh.ts'
import { loadRules, type Rule } from './rules.ts'

export interface RingDeps {
  readonly db: Db
  readonly now: () => Date
  readonly nudge: () => void
}

const dayMs = 86_400_000

/** Idempotent: what was said or done is written down in the transaction that does it. */
export function ringHandler(deps: RingDeps): DueHandler {
  return async ({ subject: ticketId }) => {
    const result = await deps.db.transaction(async (tx) => {
      const rules = await loadRules(tx)
      const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, ticketId)).for('update')
      if (!ticket) {
        // It was made of a mention, and that was undone.
        await tx.delete(clocks).where(eq(clocks.ticketId, ticketId))
        return { next: null, rang: false }
      }
      // The timer may be older than what it is about.
      const told = await refreshClocks(tx, rules, [ticketId], false)
      const rows = await tx.select().from(clocks).where(eq(clocks.ticketId, ticketId)).for('update')
      const times: Date[] = []
      let rang = told.length > 0
      for (const row of rows) {
        const rule = rules.policies.find(({ id }) => id === row.policyId)
        if (!rule) continue
        const after = await ring(tx, deps.now(), ticket, rule, row)
        rang ||= after !== row
        const next = nextAlarm(after, rule, deps.now())
        if (next) times.push(next.at)
      }
      return { next: times.length > 0 ? new Date(Math.min(...times.map(Number))) : null, rang }
    })
    if (result.rang) deps.nudge()
    return result.next ? { again: result.next } : undefined
  }
}

/** Everything of one clock that is due by now. */
async function ring(tx: Tx, now: Date, ticket: TicketRow, rule: Rule, row: ClockRow): Promise<ClockRow> {
  let clock = row
  while (true) {
    const alarm = nextAlarm(clock, rule, now)
    if (!alarm || alarm.at > now) break
    clock = { ...clock, ...(await say(tx, now, ticket, rule, clock, alarm)) }
  }
  if (clock === row) return row
  const { warnedFor, breachedFor, stepsDone } = clock
  await tx
    .update(clocks)
    .set({ warnedFor, breachedFor, stepsDone })
    .where(and(eq(clocks.ticketId, row.ticketId), eq(clocks.kind, row.kind)))
  return clock
}

async function say(
  tx: Tx,
  now: Date,
  ticket: TicketRow,
  rule: Rule,
  clock: ClockRow,
  alarm: Alarm,
): Promise<Partial<ClockRow>> {
  const { dueAt, kind, stepsDone } = clock
  if (!dueAt) return {}
  const key = `${ticket.id}:${kind}:${dueAt.toISOString()}`
  const about = { ticket, clock: kind, dueAt }
  if (alarm.what === 'warn') {
    await tellPeople(tx, await peopleOf(tx, ticket, rule.warn), {
      key: `${key}:warn`,
      kind: 'clock_warning',
      ...about,
    })
    return { warnedFor: dueAt }
  }
  if (alarm.what === 'breach') {
    const people = await peopleOf(tx, ticket, rule.breach)
    await tellPeople(tx, people, { key: `${key}:breach`, kind: 'clock_breach', ...about })
    if (kind === 'progress') await askForNews(tx, now, ticket, rule)
    return { breachedFor: dueAt, stepsDone: 0 }
  }
  await escalate(tx, now, ticket, rule, alarm.step)
  const people = await peopleOf(tx, ticket, alarm.step.toSupervisor ? ['assignee', 'supervisor'] : ['assignee'])
  await tellPeople(tx, people, { key: `${key}:step:${alarm.index}`, kind: 'clock_step', ...about })
  return { stepsDone: stepsDone + 1 }
}

/** No person had news in time: the customer is told by itself that it goes on, where the account may, and again in turn. */
async function askForNews(tx: Tx, now: Date, { id: subject, version }: TicketRow, rule: Rule): Promise<void> {
  const target = rule.targets.progress
  if (!target) return
  // Working time is told by the day: hours of it would be told at night.
  const everyMs = target.working ? Math.max(target.ms, dayMs) : target.ms
  await followUp(tx, [{ kind: 'automatic.progress', subject, dueAt: now, payload: { version, everyMs } }])
}

/** The step's changes are the rule's, not a person's. A team that was deleted is left out. */
async function escalate(tx: Tx, now: Date, ticket: TicketRow, rule: Rule, step: EscalationStep): Promise<void> {
  const actor: Actor = { ...systemActor, id: `rule:${rule.id}`, name: rule.name }
  const patch: TicketPatch = {}
  if (step.teamId && (await takesIt(tx, step.teamId, ticket.brandId))) patch.team = step.teamId
  if (step.toSupervisor) {
    const people = await supervisorsOf(tx, { brandId: ticket.brandId, teamId: step.teamId ?? ticket.teamId })
    const isThere = ticket.assigneeId !== null && people.includes(ticket.assigneeId)
    if (people[0] && !isThere) patch.assignee = people[0]
  }
  const higher = priorities[priorities.indexOf(ticket.priority) + 1]
  if (step.raisePriority && higher) patch.priority = higher
  if (step.tag) patch.tags = [...ticket.tags, step.tag].slice(0, 30)
  const changed = await applyPatch(tx, actor, ticket, patch, now)
  if (changed) Object.assign(ticket, changed, { version: ticket.version + 1 })
}

async function takesIt(tx: Tx, teamId: string, brandId: string): Promise<boolean> {
  const [team] = await tx.select().from(teams).where(eq(teams.id, teamId))
  return team !== undefined && (team.brandIds?.includes(brandId) ?? true)
}

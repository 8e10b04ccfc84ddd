/** Writes what the rules came to, under the ticket's lock: the ticket, who did it, hits and failures. */
import { eq, sql } from 'drizzle-orm'
import { writeAudit } from '../auth/audit.ts'
import type { Tx } from '../db/client.ts'
import { preparedQuestions, ruleFailures, ruleHits, rules, tickets } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import type { TicketRow } from '../tickets/lock-ticket.ts'
import type { Outcome } from './actions/action.ts'
import type { RuleOutcome, Run } from './evaluate.ts'
import type { RulesDeps } from './run.ts'
import type { Subject } from './situation.ts'

/** A rule that failed so often without working in between is switched off. */
export const failuresAllowed = 5
/** It still does the rest of what it says, so these do not switch it off; the page shows them. */
const notTooBad = new Set(['category_gone', 'team_gone', 'assignee_gone'])

export async function applyRun(tx: Tx, deps: RulesDeps, subject: Subject, ticket: TicketRow, run: Run): Promise<void> {
  const version = ticket.version + 1
  let before = subject.ticket
  let changed = false
  for (const rule of run.rules) {
    const after = rule.after ?? before
    changed = (await setFields(tx, rule, ticket, before, after, version)) || changed
    if (rule.did.includes('question')) await prepare(tx, deps, subject, rule, after)
    before = after
  }
  if (changed) await appendEvents(tx, [{ brandId: ticket.brandId, type: 'ticket', ticketId: ticket.id, version }])
  else if (run.rules.some(({ did }) => did.includes('question'))) {
    const { brandId, id, version: same } = ticket
    await appendEvents(tx, [{ brandId, type: 'ticket', ticketId: id, version: same }])
  }
  await noteHits(tx, deps, subject, run.rules)
  await noteFailures(tx, deps, subject, run.rules)
}

/** The trigger on `tickets` notes the rule that is named here. */
async function setFields(
  tx: Tx,
  rule: RuleOutcome,
  ticket: TicketRow,
  before: Outcome,
  after: Outcome,
  version: number,
): Promise<boolean> {
  const set = {
    ...(after.category === before.category ? {} : { category: after.category }),
    ...(after.priority === before.priority ? {} : { priority: after.priority }),
    ...(after.tags === before.tags ? {} : { tags: [...after.tags] }),
    ...(after.team === before.team ? {} : { teamId: after.team }),
    ...(after.assignee === before.assignee ? {} : { assigneeId: after.assignee }),
  }
  const names = Object.keys(set) as (keyof typeof set)[]
  if (names.length === 0) return false
  await tx.execute(sql`select set_config('huixin.rule', ${rule.id}, true)`)
  await tx
    .update(tickets)
    .set({ ...set, version })
    .where(eq(tickets.id, ticket.id))
  await tx.execute(sql`select set_config('huixin.rule', '', true)`)
  const { category, priority, tags, team: teamId, assignee: assigneeId } = before
  const was = { category, priority, tags, teamId, assigneeId }
  const detail = Object.fromEntries(names.map((name) => [name, { from: was[name], to: set[name] }]))
  await writeAudit(tx, { id: `rule:${rule.id}` }, 'ticket.changed', `ticket:${ticket.id}`, detail)
  return true
}

/** Once per ticket: nobody is asked the same twice. */
async function prepare(tx: Tx, deps: RulesDeps, subject: Subject, rule: RuleOutcome, after: Outcome): Promise<void> {
  if (!after.question) return
  const { ticketId, threadId, messageId } = subject
  const [row] = await tx
    .insert(preparedQuestions)
    .values({ ticketId, ruleId: rule.id, messageId, ...after.question, createdAt: deps.now() })
    .onConflictDoNothing()
    .returning({ ticketId: preparedQuestions.ticketId })
  const { language } = subject.message
  if (row) await deps.onQuestion?.(tx, { ticketId, threadId, messageId, ruleId: rule.id, language, ...after.question })
}

async function noteHits(tx: Tx, deps: RulesDeps, subject: Subject, all: readonly RuleOutcome[]): Promise<void> {
  const hits = all.filter((rule) => rule.hits)
  if (hits.length === 0) return
  const { ticketId, messageId, brandId } = subject
  await tx
    .insert(ruleHits)
    .values(hits.map(({ id, did }) => ({ ruleId: id, messageId, ticketId, brandId, did: [...did], at: deps.now() })))
    .onConflictDoNothing()
  const good = hits.filter(({ failure }) => failure === null).map(({ id }) => id)
  if (good.length > 0) {
    await tx.update(rules).set({ failures: 0 }).where(sql`${rules.id} in ${good} and ${rules.failures} > 0`)
  }
}

async function noteFailures(tx: Tx, deps: RulesDeps, subject: Subject, all: readonly RuleOutcome[]): Promise<void> {
  // In one order, so that two at once do not wait for each other.
  for (const { id, failure } of all.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    if (failure === null) continue
    const { ticketId, brandId } = subject
    await tx.insert(ruleFailures).values({ ruleId: id, ticketId, brandId, code: failure, at: deps.now() })
    if (notTooBad.has(failure)) continue
    const [row] = await tx
      .update(rules)
      .set({ failures: sql`${rules.failures} + 1` })
      .where(eq(rules.id, id))
      .returning({ failures: rules.failures, enabled: rules.enabled })
    if (!row?.enabled || row.failures < failuresAllowed) continue
    await tx.update(rules).set({ enabled: false, failedAt: deps.now() }).where(eq(rules.id, id))
    await writeAudit(tx, { id: 'system' }, 'rule.switched_off', `rule:${id}`, { failure, failures: row.failures })
  }
}

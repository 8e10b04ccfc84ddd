/**
 * Runs the rules for one message: due work, begun by ingest. They are asked without a lock, and what comes of it is written
 * under the ticket's; where the ticket has changed meanwhile they are asked again.
 */
import { eq } from 'drizzle-orm'
import type { Db, Tx } from '../db/client.ts'
import type { DueHandler } from '../db/run-due.ts'
import { tickets } from '../db/schema.ts'
import { applyRun } from './apply-run.ts'
import { type Run, runRules } from './evaluate.ts'
import { createRuleLoader, surroundings } from './load.ts'
import type { Patterns } from './pattern.ts'
import { readSubject, type Subject } from './situation.ts'

export interface RulesDeps {
  readonly db: Db
  readonly now: () => Date
  readonly nudge: () => void
  readonly patterns: Patterns
  /** A rule prepared a question, in this transaction: whoever may send by itself hears of it. */
  readonly onQuestion?: (tx: Tx, asked: PreparedFor) => Promise<void>
}

export interface PreparedFor {
  readonly ticketId: string
  readonly threadId: string | null
  readonly messageId: string
  readonly ruleId: string
  readonly language: string
  readonly en: string
  readonly zh: string
}

/** So often a ticket may change under the rules before they wait for it to come to rest. */
const TRIES = 5
const AGAIN_MS = 2_000

export function triageHandler(deps: RulesDeps): DueHandler {
  const rulesOf = createRuleLoader(deps.db)
  return async (row) => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const subject = await readSubject(deps.db, row.subject)
      if (!subject) return
      const rules = await rulesOf(subject.brandId)
      if (rules.length === 0) return
      const { above, targets } = await surroundings(deps.db, subject.brandId)
      const run = await runRules(
        rules,
        { message: { ...subject.message, above }, ticket: subject.ticket, guards: subject.guards, targets },
        deps.patterns,
      )
      if (await write(deps, subject, run)) return
    }
    return { again: new Date(deps.now().getTime() + AGAIN_MS) }
  }
}

/** False: the ticket is another by now. */
async function write(deps: RulesDeps, subject: Subject, run: Run): Promise<boolean> {
  const told = run.rules.some(({ hits, failure }) => hits || failure !== null)
  if (!told) return true
  const written = await deps.db.transaction(async (tx) => {
    const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, subject.ticketId)).for('update')
    if (!ticket) return true
    const now = await readSubject(tx, subject.messageId)
    if (!now || now.ticketId !== subject.ticketId) return now === null
    if (now.stamp !== subject.stamp) return false
    await applyRun(tx, deps, subject, ticket, run)
    return true
  })
  if (written) deps.nudge()
  return written
}

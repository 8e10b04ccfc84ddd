/** The question a rule prepared for a ticket, until somebody uses it or puts it away. */
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { preparedQuestions, rules } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import { lockTicket, requireTicket } from '../tickets/lock-ticket.ts'
import type { PreparedQuestion } from '../wire-rules.ts'

/** Null: there is none, or it was asked by itself and reached the customer, or may. Throws 404. */
export async function readQuestion(db: Db, actor: Actor, ticketId: string): Promise<PreparedQuestion | null> {
  await requireTicket(db, actor, ticketId)
  const [row] = await db
    .select({
      en: preparedQuestions.en,
      zh: preparedQuestions.zh,
      rule: { id: rules.id, en: rules.en, zh: rules.zh },
    })
    .from(preparedQuestions)
    .innerJoin(rules, eq(rules.id, preparedQuestions.ruleId))
    .where(and(open(ticketId), sql`not ${askedByItself}`))
  return row ?? null
}

/** Used, or not wanted. Twice is once. Throws 404. */
export async function finishQuestion(
  { db, now, nudge }: { db: Db; now: () => Date; nudge: () => void },
  actor: Actor,
  ticketId: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { brandId, version } = await lockTicket(tx, actor, ticketId)
    const done = await tx.update(preparedQuestions).set({ doneAt: now() }).where(open(ticketId)).returning()
    if (done.length > 0) await appendEvents(tx, [{ brandId, type: 'ticket', ticketId, version }])
  })
  nudge()
}

/** Taken back for a person's reply, or lost: nobody was asked. */
const askedByItself = sql`exists (
  select from automatic_messages a where a.ticket_id = ${preparedQuestions.ticketId} and a.kind = 'facts'
    and a.created_at >= ${preparedQuestions.createdAt} and exists (
      select from deliveries d where d.message_id = a.message_id and d.state not in ('failed', 'cancelled')))`

const open = (ticketId: string) => and(eq(preparedQuestions.ticketId, ticketId), isNull(preparedQuestions.doneAt))

/** A customer's answer to what was asked: one rule for the chat and for the link. */
import { and, desc, eq } from 'drizzle-orm'
import { systemActor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { type DueItem, followUp } from '../db/due.ts'
import { newId } from '../db/id.ts'
import { answers, type Priority, priorities, type QuestionKind, questions, tickets } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import type { TicketRow } from '../tickets/lock-ticket.ts'

/** One step; the highest stays. */
export function raised(priority: Priority): Priority {
  return priorities[Math.min(priorities.indexOf(priority) + 1, priorities.length - 1)] ?? priority
}

/** What "it is not solved" does to a resolved ticket: open again, more urgent, and the customer waits from now. */
export function afterNo(ticket: Pick<TicketRow, 'priority'>, at: Date) {
  return {
    status: 'open' as const,
    resolvedAt: null,
    snoozedUntil: null,
    unansweredSince: at,
    priority: raised(ticket.priority),
  }
}

/** What follows an answer, written in its transaction. */
export const answeredItem = (ticketId: string, accountId: string, dueAt: Date): DueItem => ({
  kind: 'automatic.answered',
  subject: ticketId,
  accountId,
  dueAt,
})

export interface LinkAnswer {
  readonly value: number
  readonly comment: string | null
}

/** So many answers to one question are kept; more come from no customer. */
const MOST = 20

/**
 * By the signed link. The same answer again is no new one. `reopened`: the ticket is open again; `closed`: it was closed
 * meanwhile and stays so.
 */
export async function answerByLink(
  deps: { readonly db: Db; readonly now: () => Date; readonly nudge: () => void },
  questionId: string,
  answer: LinkAnswer,
): Promise<'kept' | 'reopened' | 'closed' | 'gone'> {
  const now = deps.now()
  const result = await deps.db.transaction(async (tx) => {
    const [found] = await tx
      .select({ question: questions, ticketId: tickets.id })
      .from(questions)
      .innerJoin(tickets, eq(tickets.id, questions.ticketId))
      .where(eq(questions.id, questionId))
    if (!found) return 'gone'
    const { question } = found
    const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, found.ticketId)).for('update')
    if (!ticket || !isInRange(question.kind, answer.value)) return 'gone'
    const earlier = await tx
      .select()
      .from(answers)
      .where(eq(answers.questionId, questionId))
      .orderBy(desc(answers.at), desc(answers.id))
      .limit(MOST)
    const comment = answer.comment === null ? null : cleanText(answer.comment).trim().slice(0, 2000) || null
    const isSame = earlier[0]?.value === answer.value && (comment === null || earlier[0].comment === comment)
    if (isSame || earlier.length >= MOST) return 'kept'
    const { kind, ticketId } = question
    await tx
      .insert(answers)
      .values({ id: newId(), questionId, ticketId, kind, value: answer.value, comment, via: 'link', at: now })
    const isNo = kind === 'solved' && answer.value === 0
    const reopens = isNo && ticket.status === 'resolved'
    await change(tx, ticket, reopens ? afterNo(ticket, now) : {})
    await followUp(tx, [answeredItem(ticketId, ticket.accountId, now)])
    return reopens ? 'reopened' : isNo && ticket.status === 'closed' ? 'closed' : 'kept'
  })
  deps.nudge()
  return result
}

async function change(tx: Tx, ticket: TicketRow, patch: Partial<ReturnType<typeof afterNo>>): Promise<void> {
  const { id, brandId } = ticket
  const version = ticket.version + 1
  await tx
    .update(tickets)
    .set({ ...patch, version })
    .where(and(eq(tickets.id, id)))
  await appendEvents(tx, [{ brandId, type: 'ticket', ticketId: id, version }])
  if (patch.status) {
    await writeAudit(tx, systemActor, 'ticket.changed', `ticket:${id}`, {
      why: 'not_solved',
      status: { from: ticket.status, to: patch.status },
      priority: { from: ticket.priority, to: patch.priority },
    })
  }
}

const isInRange = (kind: QuestionKind, value: number) =>
  Number.isInteger(value) && (kind === 'solved' ? value === 0 || value === 1 : value >= 1 && value <= 5)

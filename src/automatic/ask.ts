/** Questions to the customer: asked with the message that asks them, and what was answered. */
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import { newId } from '../db/id.ts'
import { answers, type QuestionKind, questions } from '../db/schema.ts'
import type { TicketRow } from '../tickets/lock-ticket.ts'
import { answerLink } from './links.ts'
import { type SpeakDeps, type Spoken, speak } from './speak.ts'

/** A number in a chat is an answer for so long; the link works on. */
const CHAT_MS = 7 * 24 * 3_600_000

/** `version`: of the ticket when it was resolved. One question of a kind for each resolution, one open in a conversation. */
export async function ask(deps: SpeakDeps, kind: QuestionKind, ticket: TicketRow, version: number): Promise<Spoken> {
  const id = newId()
  // The customer has spoken since the last one: however soon it is solved now, that is asked anew.
  const asked = kind === 'solved' && (await spokeSinceAsked(deps.db, ticket.id))
  return speak(deps, {
    kind,
    asked,
    ticketId: ticket.id,
    key: `${kind}:${ticket.id}:${version}`,
    sinceVersion: version,
    wanted: ({ status }) => status === 'resolved' || (kind === 'satisfaction' && status === 'closed'),
    values: () => ({ answer: answerLink(deps, id) }),
    async before(tx, { ticket: locked, threadId, settings }) {
      const now = deps.now()
      const open = and(eq(questions.threadId, threadId), isNull(questions.closedAt))
      await tx.update(questions).set({ closedAt: now }).where(open)
      const until = new Date(now.getTime() + CHAT_MS)
      const row = { id, ticketId: ticket.id, threadId, kind, ticketVersion: locked.version, askedAt: now, until }
      await tx.insert(questions).values(row)
      if (kind !== 'solved') return
      const dueAt = new Date(now.getTime() + settings.closeAfterMs)
      await followUp(tx, [{ kind: 'automatic.close', subject: ticket.id, dueAt, payload: { questionId: id } }])
    },
  })
}

/** To the newest "is it solved?" there was an answer, or the customer wrote something else. */
async function spokeSinceAsked(db: Db, ticketId: string): Promise<boolean> {
  const [row] = await db.execute<{ spoke: boolean }>(sql`
    select exists (select from answers a where a.question_id = q.id)
      or exists (select from messages m where m.ticket_id = q.ticket_id and m.direction = 'inbound' and m.received_at > q.asked_at) as spoke
    from questions q where q.ticket_id = ${ticketId} and q.kind = 'solved' order by q.asked_at desc, q.id desc limit 1`)
  return row?.spoke ?? false
}

export interface Answered {
  readonly value: number
  readonly comment: string | null
  readonly at: Date
  /** Of the ticket when it was asked. */
  readonly ticketVersion: number
}

/** The newest of each kind. */
export async function answersOf(db: Db | Tx, ticketId: string): Promise<Partial<Record<QuestionKind, Answered>>> {
  const rows = await db
    .selectDistinctOn([answers.kind], {
      kind: answers.kind,
      value: answers.value,
      comment: answers.comment,
      at: answers.at,
      ticketVersion: questions.ticketVersion,
    })
    .from(answers)
    .innerJoin(questions, eq(questions.id, answers.questionId))
    .where(eq(answers.ticketId, ticketId))
    .orderBy(answers.kind, desc(answers.at), desc(answers.id))
  return Object.fromEntries(rows.map(({ kind, ...rest }) => [kind, rest]))
}

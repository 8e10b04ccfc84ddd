/**
 * Answers an agent gave in the platform's own app, written down by hand. They are outbound messages without deliveries;
 * when the platform brings such a one back, the echo is the same message.
 */
import { and, between, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import type { InboundMessage } from '../channel/events.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { messages, threads, tickets } from '../db/schema.ts'
import { type Answer, withIdempotency } from '../idempotency.ts'
import { appendEvents } from '../live/append.ts'
import type { Message, NewAnswered } from '../wire.ts'
import { chooseTarget, type ReplyTarget } from './choose-target.ts'
import { lockTicket } from './lock-ticket.ts'
import { readMessages } from './messages.ts'
import { moveAnswered } from './move-answered.ts'
import { searchVector } from './search.ts'

export interface AnsweredDeps {
  readonly db: Db
  readonly now: () => Date
  readonly nudge: () => void
}

/** People write it down before or after the platform tells of it, but not days later. */
const ECHO_WITHIN_MS = 24 * 3_600_000

/** At most once per key. The ticket is answered as by a reply. Throws 404, and 422 `no_target`. */
export async function postAnswered(
  deps: AnsweredDeps,
  actor: Actor,
  ticketId: string,
  body: NewAnswered,
  key: string | undefined,
): Promise<Answer<{ message: Message }>> {
  const target = await chooseTarget(deps.db, actor, ticketId, body, 'newest')
  const answer = await deps.db.transaction((tx) =>
    withIdempotency(tx, { actor: actor.id, ticketId, key, operation: 'answered', body }, async () => ({
      status: 201,
      body: { message: await writeAnswered(tx, deps.now(), actor, ticketId, body, target) },
    })),
  )
  if (!answer.repeated) deps.nudge()
  return answer
}

async function writeAnswered(
  tx: Tx,
  now: Date,
  actor: Actor,
  ticketId: string,
  body: NewAnswered,
  { thread, messageId }: ReplyTarget,
): Promise<Message> {
  await tx.select({ id: threads.id }).from(threads).where(eq(threads.id, thread.id)).for('update')
  const ticket = await lockTicket(tx, actor, ticketId)
  const id = newId()
  const text = cleanText(body.text)
  const version = await moveAnswered(tx, ticket, now)
  await tx.insert(messages).values({
    id,
    ticketId,
    threadId: thread.id,
    accountId: thread.accountId,
    direction: 'outbound',
    surface: thread.surface,
    userId: actor.id,
    authorName: actor.name,
    text,
    url: body.url ?? null,
    inReplyTo: messageId,
    sentAt: now,
    receivedAt: now,
    orderedAt: now,
    ticketVersion: version,
    search: searchVector(text),
  })
  await writeAudit(tx, actor, 'ticket.answered_outside', `ticket:${ticketId}`, { messageId: id })
  const [message] = await readMessages(tx, [id])
  if (!message) throw new Error('the answer just written is not there')
  return message
}

/**
 * Gives an echo's id to the answer that was written down with the same text, the oldest first; false when there is none.
 * The caller holds the thread's lock.
 */
export async function nameAnswered(
  tx: Tx,
  threadId: string,
  echo: InboundMessage,
  isSame: (ours: string, theirs: string) => boolean,
): Promise<boolean> {
  const written = await tx
    .select({ id: messages.id, text: messages.text, url: messages.url, ticketId: messages.ticketId })
    .from(messages)
    .where(
      and(
        eq(messages.threadId, threadId),
        // As the partial index has it.
        sql`${messages.direction} = 'outbound'`,
        isNotNull(messages.userId),
        isNull(messages.externalId),
        between(messages.orderedAt, around(echo.sentAt, -ECHO_WITHIN_MS), around(echo.sentAt, ECHO_WITHIN_MS)),
        sql`not exists (select from deliveries d where d.message_id = ${messages.id})`,
      ),
    )
    .orderBy(messages.orderedAt, messages.id)
  const match = written.find(({ text }) => isSame(text ?? '', echo.text))
  if (!match) return false
  const { externalId, sequence } = echo
  await tx
    .update(messages)
    .set({ externalId, sequence, url: match.url ?? echo.url })
    .where(eq(messages.id, match.id))
  const [ticket] = match.ticketId === null ? [] : await tx.select().from(tickets).where(eq(tickets.id, match.ticketId))
  if (ticket) {
    const { id: ticketId, brandId, version } = ticket
    await appendEvents(tx, [{ brandId, type: 'message', ticketId, version }])
  }
  return true
}

const around = (time: Date, ms: number) => new Date(time.getTime() + ms)

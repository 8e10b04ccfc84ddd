/** Internal notes: seen by colleagues, never sent. */
import { eq } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { messages, tickets } from '../db/schema.ts'
import { type Answer, withIdempotency } from '../idempotency.ts'
import { appendEvents } from '../live/append.ts'
import type { Message, NewNote } from '../wire.ts'
import { lockTicket, requireTicket } from './lock-ticket.ts'
import { readMessages } from './messages.ts'
import { searchVector } from './search.ts'
import { attachMedia, takeMedia } from './take-media.ts'

export interface NoteDeps {
  readonly db: Db
  readonly now: () => Date
  readonly nudge: () => void
}

/** At most once per key. Raises the ticket's version; its place in the queue and its clocks are the customer's. */
export async function postNote(
  deps: NoteDeps,
  actor: Actor,
  ticketId: string,
  body: NewNote,
  key: string | undefined,
): Promise<Answer<{ message: Message }>> {
  const answer = await deps.db.transaction(async (tx) => {
    await requireTicket(tx, actor, ticketId)
    return withIdempotency(tx, { actor: actor.id, ticketId, key, operation: 'note', body }, async () => ({
      status: 202,
      body: { message: await writeNote(tx, deps.now(), actor, ticketId, body) },
    }))
  })
  if (!answer.repeated) deps.nudge()
  return answer
}

/** In the caller's transaction; locks the ticket. */
export async function writeNote(tx: Tx, now: Date, actor: Actor, ticketId: string, body: NewNote): Promise<Message> {
  const ticket = await lockTicket(tx, actor, ticketId)
  const files = await takeMedia(tx, actor, ticket.brandId, body.mediaIds)
  const id = newId()
  const text = cleanText(body.text)
  const version = ticket.version + 1
  await tx.insert(messages).values({
    id,
    ticketId,
    accountId: ticket.accountId,
    direction: 'note',
    surface: ticket.surface,
    userId: actor.id,
    authorName: actor.name,
    text,
    replyable: false,
    sentAt: now,
    receivedAt: now,
    orderedAt: now,
    ticketVersion: version,
    search: searchVector(text),
  })
  await attachMedia(tx, id, files)
  await tx.update(tickets).set({ version }).where(eq(tickets.id, ticketId))
  await appendEvents(tx, [{ brandId: ticket.brandId, type: 'message', ticketId, version }])
  await writeAudit(tx, actor, 'note.written', `ticket:${ticketId}`, { messageId: id })
  const [message] = await readMessages(tx, [id])
  if (!message) throw new Error('the note just written is not there')
  return message
}

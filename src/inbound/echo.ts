import { and, eq } from 'drizzle-orm'
import type { OpenAccount } from '../accounts/connections.ts'
import type { InboundMessage } from '../channel/events.ts'
import { cleanText } from '../channel/text.ts'
import type { Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { deliveries, messages, threads, tickets } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import { arrive, unnamedDeliveries } from '../outbound/receipts.ts'
import { change, type SettleHooks } from '../outbound/settle.ts'
import { nameAnswered } from '../tickets/answered.ts'
import { searchVector } from '../tickets/search.ts'
import { afterReply } from '../tickets/status.ts'

export interface EchoOptions {
  readonly receivedAt: Date
  /** It waited its time: what matches no delivery now was written outside Huixin. */
  readonly heldLongEnough: boolean
  readonly hooks: SettleHooks
}

/**
 * A message of ours comes back from the platform. It names the delivery that has its id, or settles exactly one without
 * an id that says the same, the oldest first; otherwise a colleague wrote it in the platform's own app, and it is what they
 * wrote down here as their answer, or becomes a message of the thread. False: not to be decided yet.
 */
export async function settleEcho(
  tx: Tx,
  account: OpenAccount,
  echo: InboundMessage,
  { receivedAt, heldLongEnough }: EchoOptions,
): Promise<boolean> {
  const [thread] = await tx
    .select()
    .from(threads)
    .where(and(eq(threads.accountId, account.id), eq(threads.externalId, echo.threadId)))
    .for('update')
  // A conversation nobody complained in: not ours to show.
  if (!thread?.currentTicketId) return true
  const [ours] = await tx
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.accountId, account.id), eq(deliveries.externalId, echo.externalId)))
    .for('update')
  if (ours) {
    await arrive(tx, ours, receivedAt)
    return true
  }
  if (await isKnown(tx, account.id, echo.externalId)) return true
  const candidates = await unnamedDeliveries(tx, thread.id)
  const same = account.connection.sameText ?? ((a: string, b: string) => a.trim() === b.trim())
  const match = candidates.find((delivery) => same(delivery.text, echo.text))
  // While its call is under way the answer may still name it.
  if (match && (match.state !== 'sending' || heldLongEnough)) {
    if (match.state === 'sent') await change(tx, match, { externalId: echo.externalId })
    else await arrive(tx, match, receivedAt, echo.externalId)
    return true
  }
  if (!match && (await nameAnswered(tx, thread.id, echo, same))) return true
  if (!heldLongEnough && candidates.length > 0) return false
  await writeOutside(tx, account, echo, thread, thread.currentTicketId, receivedAt)
  return true
}

/** This handler may run twice. */
async function isKnown(tx: Tx, accountId: string, externalId: string): Promise<boolean> {
  const [known] = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.accountId, accountId), eq(messages.externalId, externalId)))
  return known !== undefined
}

async function writeOutside(
  tx: Tx,
  account: OpenAccount,
  echo: InboundMessage,
  thread: typeof threads.$inferSelect,
  ticketId: string,
  receivedAt: Date,
): Promise<void> {
  const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, ticketId)).for('update')
  if (!ticket) return
  const text = cleanText(echo.text)
  const version = ticket.version + 1
  const orderedAt = echo.sentAt < receivedAt ? echo.sentAt : receivedAt
  const written = await tx
    .insert(messages)
    .values({
      id: newId(),
      ticketId,
      threadId: thread.id,
      accountId: account.id,
      direction: 'outbound',
      externalId: echo.externalId,
      sequence: echo.sequence,
      surface: echo.surface,
      authorName: cleanText(echo.author.name),
      text,
      url: echo.url,
      sentAt: echo.sentAt,
      receivedAt,
      orderedAt,
      ticketVersion: version,
      search: searchVector(text),
    })
    .onConflictDoNothing()
    .returning({ id: messages.id })
  if (written.length === 0) return
  const lastMessageAt = orderedAt > ticket.lastMessageAt ? orderedAt : ticket.lastMessageAt
  await tx
    .update(tickets)
    .set({ ...afterReply(ticket, { automatic: false }), version, lastMessageAt })
    .where(eq(tickets.id, ticketId))
  await appendEvents(tx, [{ brandId: ticket.brandId, type: 'message', ticketId, version }])
}

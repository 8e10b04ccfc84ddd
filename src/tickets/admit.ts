/** May this reply be written? Asked under the locks, so that what is true now is still true when it is written. */
import { and, eq, gt, isNull, ne, or } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { refuseReply } from '../channel/refuse.ts'
import type { Standing } from '../channel/standing.ts'
import { cleanText } from '../channel/text.ts'
import type { Tx } from '../db/client.ts'
import { messages, threads, tickets } from '../db/schema.ts'
import { planParts } from '../outbound/plan.ts'
import { standingOf } from '../outbound/standing.ts'
import { conflict, notFound, unprocessable } from '../problem.ts'
import { closesAtOf } from '../together/closes-at.ts'
import { openVariables } from '../wire-quick-replies.ts'
import { readMessages } from './messages.ts'
import { refuseStub } from './moves/lock.ts'
import type { ReplyToWrite } from './reply.ts'
import { takeMedia } from './take-media.ts'

/**
 * Locks the thread, then the ticket, then the files. `at` is when it is going to be sent. Throws 409 `seen_conflict`, 422
 * with the code of the refusal, `media_unknown` or `variable_left`.
 */
export async function admit(tx: Tx, { ticketId, actor, body, place }: ReplyToWrite, at: Date) {
  await tx.select({ id: threads.id }).from(threads).where(eq(threads.id, place.thread.id)).for('update')
  const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, ticketId)).for('update')
  if (!ticket) throw notFound('ticket')
  if (ticket.status === 'closed') await refuseStub(tx, ticketId)
  const open = openVariables(body.text)
  if (open.length > 0) throw unprocessable('variable_left', 'A variable of the template is not filled in.', { open })
  await refuseUnseen(tx, actor, ticketId, body.seenVersion)
  const files = await takeMedia(tx, actor, ticket.brandId, body.mediaIds)
  const { capabilities } = place.account.adapter
  const standings = await standingOf(
    tx,
    [place.thread.id],
    () => capabilities,
    place.inReplyTo ? { inReplyTo: place.inReplyTo } : {},
  )
  const standing = standings.get(place.thread.id)
  const surface = capabilities.surfaces[place.thread.surface]
  if (!standing) throw notFound('conversation')
  const draft = {
    text: body.text,
    media: files.map((file) => ({ ...file, mimeType: file.mimeType ?? '', size: file.bytes ?? 0 })),
  }
  const refusal = refuseReply(capabilities, standing, draft, at)
  if (refusal || !surface) {
    throw unprocessable(refusal?.code ?? 'read_only', 'This reply cannot be sent.', refusal?.details)
  }
  // Half a reply is worse than none: all of its parts have to fit into what is left.
  const parts = planParts(surface, cleanText(body.text), files).length
  const left = repliesLeft(standing, at)
  if (left !== null && parts > left) {
    throw unprocessable('quota_used', 'This reply needs more messages than may still be sent.', { parts, left })
  }
  return { ticket, files, surface, closesAt: closesAtOf(standing, at) }
}

/** Null: as many as one likes. */
export function repliesLeft({ windows }: Standing, at: Date): number | null {
  const open = (windows ?? []).filter((window) => window.until > at)
  if (open.length === 0 || open.some((window) => window.left === null)) return null
  return Math.max(...open.map((window) => window.left ?? 0))
}

/** Somebody wrote what the agent has not seen: they are shown it, and asked. */
async function refuseUnseen(tx: Tx, actor: Actor, ticketId: string, seenVersion: number | undefined): Promise<void> {
  if (seenVersion === undefined) return
  const unseen = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        eq(messages.ticketId, ticketId),
        gt(messages.ticketVersion, seenVersion),
        // What Huixin said by itself is nothing an answer could go past.
        eq(messages.automatic, false),
        or(eq(messages.direction, 'inbound'), isNull(messages.userId), ne(messages.userId, actor.id)),
      ),
    )
    .orderBy(messages.orderedAt)
    .limit(20)
  if (unseen.length === 0) return
  const found = await readMessages(
    tx,
    unseen.map((row) => row.id),
  )
  throw conflict('seen_conflict', 'Somebody wrote in this ticket since you opened it.', { messages: found })
}

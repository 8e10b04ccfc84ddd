import { sql } from 'drizzle-orm'
import type { SurfaceCapabilities } from '../channel/capabilities.ts'
import { costOf } from '../channel/cost.ts'
import type { MediaKind, Surface } from '../channel/events.ts'
import { cleanText } from '../channel/text.ts'
import type { Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { deliveries, media, messages } from '../db/schema.ts'
import { planParts } from './plan.ts'
import { takeBackAutomatic } from './take-back.ts'

/** A retry that has not worked after this long fails as expired. */
const EXPIRES_MS = 24 * 3_600_000

export interface Outgoing {
  /** The message's id: a scheduled reply keeps the id of its draft. */
  readonly id: string
  readonly ticketId: string
  readonly thread: { readonly id: string; readonly accountId: string; readonly surface: Surface }
  readonly capabilities: SurfaceCapabilities
  readonly actor: { readonly id: string; readonly name: string }
  readonly text: string
  readonly media: readonly { readonly id: string; readonly kind: MediaKind }[]
  /** Our id of the customer's message being answered. */
  readonly inReplyTo: string | null
  readonly automatic: boolean
  readonly ticketVersion: number
  /** The text's words, as `tickets/search.ts` makes them. */
  readonly search: string
  readonly now: Date
  /** Until then it can be undone, and is not sent. */
  readonly undoMs: number
}

/** Writes the message and one delivery per part. The caller holds the thread's lock and has asked `refuseReply`. */
export async function enqueue(tx: Tx, outgoing: Outgoing): Promise<void> {
  const { id, thread, now, actor } = outgoing
  const text = cleanText(outgoing.text)
  if (!outgoing.automatic) await takeBackAutomatic(tx, thread.id)
  await tx.insert(messages).values({
    id,
    ticketId: outgoing.ticketId,
    threadId: thread.id,
    accountId: thread.accountId,
    direction: 'outbound',
    surface: thread.surface,
    userId: actor.id,
    authorName: actor.name,
    text,
    inReplyTo: outgoing.inReplyTo,
    automatic: outgoing.automatic,
    sentAt: now,
    receivedAt: now,
    orderedAt: now,
    ticketVersion: outgoing.ticketVersion,
    search: outgoing.search,
  })
  for (const [position, { id: mediaId }] of outgoing.media.entries()) {
    await tx.update(media).set({ messageId: id, position }).where(sql`${media.id} = ${mediaId}`)
  }
  const byHand = outgoing.capabilities.byHand !== undefined
  // What a person says is not cut into parts, and waits until it was said.
  const parts = byHand
    ? [{ text, mediaIds: outgoing.media.map((one) => one.id) }]
    : planParts(outgoing.capabilities, text, outgoing.media)
  await tx.insert(deliveries).values(
    parts.map((part, index) => ({
      id: newId(),
      messageId: id,
      ticketId: outgoing.ticketId,
      threadId: thread.id,
      accountId: thread.accountId,
      part: index,
      text: part.text,
      mediaIds: [...part.mediaIds],
      automatic: outgoing.automatic,
      byHand,
      cost: costOf(outgoing.capabilities, part.text),
      // The database's clock: the claim compares with it.
      notBefore: sql`now() + ${outgoing.undoMs} * interval '1 millisecond'`,
      expiresAt: byHand ? sql`now() + interval '100 years'` : sql`now() + ${EXPIRES_MS} * interval '1 millisecond'`,
      createdAt: now,
    })),
  )
}

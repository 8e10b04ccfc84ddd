/** An agent answers: thread chosen, conflict and limits checked under its lock, message and deliveries written. */
import { and, desc, eq, gt, isNull, ne, or, sql } from 'drizzle-orm'
import type { Connections, OpenAccount } from '../accounts/connections.ts'
import { type Actor, inScope } from '../auth/actor.ts'
import { refuseReply } from '../channel/refuse.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import { newId } from '../db/id.ts'
import { drafts, messages, threads, tickets } from '../db/schema.ts'
import { type Answer, withIdempotency } from '../idempotency.ts'
import { appendEvents } from '../live/append.ts'
import { enqueue } from '../outbound/enqueue.ts'
import { standingOf } from '../outbound/standing.ts'
import { conflict, notFound, unprocessable } from '../problem.ts'
import type { Message, NewReply } from '../wire.ts'
import { readMessages } from './messages.ts'
import { scheduledMessage } from './scheduled.ts'
import { searchVector } from './search.ts'
import { afterReply } from './status.ts'
import { takeMedia } from './take-media.ts'

export interface ReplyDeps {
  readonly db: Db
  readonly connections: Connections
  readonly now: () => Date
}

/** A scheduled reply may wait at most this long. */
const SCHEDULE_LIMIT_MS = 366 * 86_400_000

/** `POST /replies`: at most once per key, now or at its time. */
export async function postReply(
  deps: ReplyDeps,
  actor: Actor,
  ticketId: string,
  body: NewReply,
  key: string | undefined,
): Promise<Answer<{ message: Message }>> {
  const place = await choosePlace(deps, actor, ticketId, body)
  return deps.db.transaction((tx) =>
    withIdempotency(tx, { actor: actor.id, ticketId, key, operation: 'reply', body }, async () => {
      const reply = { id: newId(), ticketId, actor, body, place, automatic: false }
      const message = body.sendAt ? await schedule(tx, deps, reply) : await writeReply(tx, deps, reply)
      return { status: 202, body: { message } }
    }),
  )
}

/** Which conversation, and which message in it, a reply goes to. */
export interface Place {
  readonly thread: { readonly id: string; readonly accountId: string; readonly surface: 'direct' | 'public' }
  readonly account: OpenAccount
  readonly inReplyTo: string | null
}

/**
 * The message named, or the customer's newest on the surface asked for that may be answered. Threads and messages do not
 * move between tickets' threads, so this is read before the locks; what may change is checked again under them.
 */
export async function choosePlace(
  deps: Pick<ReplyDeps, 'db' | 'connections'>,
  actor: Actor,
  ticketId: string,
  body: Pick<NewReply, 'inReplyTo' | 'surface'>,
): Promise<Place> {
  const [ticket] = await deps.db
    .select({ id: tickets.id })
    .from(tickets)
    .where(and(eq(tickets.id, ticketId), inScope(actor, tickets.brandId)))
  if (!ticket) throw notFound('ticket')
  const [target] = await deps.db
    .select({ id: messages.id, threadId: threads.id, accountId: threads.accountId, surface: threads.surface })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(
      and(
        eq(messages.ticketId, ticketId),
        eq(messages.direction, 'inbound'),
        body.inReplyTo ? eq(messages.id, body.inReplyTo) : isNull(messages.deletedAt),
        body.surface ? eq(threads.surface, body.surface) : undefined,
      ),
    )
    .orderBy(
      desc(messages.replyable),
      desc(messages.orderedAt),
      sql`${messages.sequence} desc nulls last`,
      desc(messages.id),
    )
    .limit(1)
  if (!target) throw unprocessable('no_target', 'There is no such message of the customer to answer in this ticket.')
  const account = await deps.connections.get(target.accountId)
  if (!account) throw unprocessable('account_gone', 'The account of this conversation was removed.')
  const { threadId: id, accountId, surface } = target
  return { thread: { id, accountId, surface }, account, inReplyTo: target.id }
}

export interface ReplyToWrite {
  readonly id: string
  readonly ticketId: string
  readonly actor: Actor
  readonly body: NewReply
  readonly place: Place
  readonly automatic: boolean
}

/** Everything of one reply, in the caller's transaction. Locks the thread, then the ticket. */
export async function writeReply(tx: Tx, deps: Pick<ReplyDeps, 'now'>, reply: ReplyToWrite): Promise<Message> {
  const { id, ticketId, actor, body, place, automatic } = reply
  const now = deps.now()
  await tx.select({ id: threads.id }).from(threads).where(eq(threads.id, place.thread.id)).for('update')
  const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, ticketId)).for('update')
  if (!ticket) throw notFound('ticket')
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
  const refusal = refuseReply(capabilities, standing, draft, now)
  if (refusal || !surface) {
    throw unprocessable(refusal?.code ?? 'read_only', 'This reply cannot be sent.', refusal?.details)
  }
  const text = cleanText(body.text).trim()
  const version = ticket.version + 1
  await enqueue(tx, {
    id,
    ticketId,
    thread: place.thread,
    capabilities: surface,
    actor,
    text,
    media: files,
    inReplyTo: place.inReplyTo,
    automatic,
    ticketVersion: version,
    search: searchVector(text),
    now,
    undoMs: actor.kind === 'user' ? (place.account.undoMs ?? surface.undoMs) : 0,
  })
  const lastMessageAt = now > ticket.lastMessageAt ? now : ticket.lastMessageAt
  const patch = { ...afterReply(ticket, { automatic }), version, lastMessageAt }
  await tx.update(tickets).set(patch).where(eq(tickets.id, ticketId))
  await appendEvents(tx, [{ brandId: ticket.brandId, type: 'message', ticketId, version }])
  const [message] = await readMessages(tx, [id])
  if (!message) throw new Error('the message just written is not there')
  return message
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

/** A draft until its time; refused now already when nothing can be sent at all. */
async function schedule(tx: Tx, deps: ReplyDeps, reply: ReplyToWrite): Promise<Message> {
  const { id, ticketId, actor, body } = reply
  const sendAt = new Date(body.sendAt ?? 0)
  const aheadMs = sendAt.getTime() - deps.now().getTime()
  if (aheadMs <= 0 || aheadMs > SCHEDULE_LIMIT_MS) {
    throw unprocessable('send_at', 'The time to send must lie in the future, at most a year ahead.')
  }
  const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, ticketId)).for('update')
  if (!ticket) throw notFound('ticket')
  if (body.text.trim() === '' && body.mediaIds.length === 0) throw unprocessable('empty', 'There is nothing to send.')
  await refuseUnseen(tx, actor, ticketId, body.seenVersion)
  // What the customer writes until then stops it: nobody is answered past.
  const stored = { ...body, sendAt: undefined, seenVersion: body.seenVersion ?? ticket.version, actor }
  const row = { id, ticketId, userId: actor.id, body: stored, sendAt, createdAt: deps.now(), updatedAt: deps.now() }
  await tx.insert(drafts).values(row)
  await followUp(tx, [{ kind: 'scheduled', subject: id, dueAt: sendAt }])
  const { brandId, version } = ticket
  await appendEvents(tx, [{ brandId, type: 'ticket', ticketId, version }])
  return scheduledMessage(row, reply.place, ticket.version)
}

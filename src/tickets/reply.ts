/** An agent answers: thread chosen, conflict and limits checked under its lock, message and deliveries written. */
import { eq } from 'drizzle-orm'
import type { Connections, OpenAccount } from '../accounts/connections.ts'
import type { Actor } from '../auth/actor.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import { newId } from '../db/id.ts'
import { drafts, tickets } from '../db/schema.ts'
import { type Answer, withIdempotency } from '../idempotency.ts'
import { appendEvents } from '../live/append.ts'
import { enqueue } from '../outbound/enqueue.ts'
import { conflict, unprocessable } from '../problem.ts'
import { openTask } from '../tasks/open.ts'
import { needsApproval } from '../together/approval-needed.ts'
import { handIn } from '../together/approvals.ts'
import type { Message, NewReply } from '../wire.ts'
import { admit } from './admit.ts'
import { chooseTarget, type ReplyTarget } from './choose-target.ts'
import { readMessages } from './messages.ts'
import { type StoredReply, scheduledMessage } from './scheduled.ts'
import { searchVector } from './search.ts'
import { afterPlan, afterReply } from './status.ts'

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
      // What a person carries out is planned, not scheduled: `sendAt` is when it is due.
      const isLater = body.sendAt !== undefined && !isByHand(place)
      const message = (await waits(tx, reply))
        ? await handInReply(tx, deps, reply)
        : isLater
          ? await schedule(tx, deps, reply)
          : await writeReply(tx, deps, reply)
      return { status: 202, body: { message } }
    }),
  )
}

/** Which conversation, and which message in it, a reply goes to. */
export interface Place extends Pick<ReplyTarget, 'thread'> {
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
  const { thread, messageId } = await chooseTarget(deps.db, actor, ticketId, body, 'replyable')
  const account = await deps.connections.get(thread.accountId)
  if (!account) throw unprocessable('account_gone', 'The account of this conversation was removed.')
  return { thread, account, inReplyTo: messageId }
}

/** A supervisor has to look at it first. */
export const waits = (tx: Tx, { id, ticketId, actor, body, place, automatic }: ReplyToWrite): Promise<boolean> =>
  needsApproval(tx, { id, ticketId, surface: place.thread.surface, actorId: actor.id, text: body.text, automatic })

async function handInReply(tx: Tx, deps: Pick<ReplyDeps, 'now'>, reply: ReplyToWrite): Promise<Message> {
  const { id, createdAt: sendAt, body } = await handIn(tx, deps, reply)
  const { scheduledAt: _, ...message } = scheduledMessage(
    { id, body: body as StoredReply, sendAt, createdAt: sendAt },
    reply.place,
    0,
  )
  return { ...message, waitsForApproval: true }
}

const isByHand = ({ account, thread }: Place) =>
  account.adapter.capabilities.surfaces[thread.surface]?.byHand !== undefined

export interface ReplyToWrite {
  readonly id: string
  readonly ticketId: string
  readonly actor: Actor
  readonly body: NewReply
  readonly place: Place
  readonly automatic: boolean
}

/**
 * Everything of one reply, in the caller's transaction. Locks the thread, then the ticket. Throws 409 `approval_needed` for
 * one that a supervisor has to see first; the caller asks `waits` before.
 */
export async function writeReply(tx: Tx, deps: Pick<ReplyDeps, 'now'>, reply: ReplyToWrite): Promise<Message> {
  const { id, ticketId, actor, body, place, automatic } = reply
  const now = deps.now()
  if (await waits(tx, reply)) throw conflict('approval_needed', 'A supervisor has to approve this reply first.')
  const { ticket, files, surface } = await admit(tx, reply, now)
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
    undoMs: actor.kind === 'user' && !surface.byHand ? (place.account.undoMs ?? surface.undoMs) : 0,
  })
  const isTask = surface.byHand !== undefined
  if (isTask) {
    const dueAt = body.sendAt ? new Date(body.sendAt) : now
    const assigneeId = actor.kind === 'user' && ticket.assigneeId === null ? actor.id : ticket.assigneeId
    await openTask(tx, { brandId: ticket.brandId, ticketId, messageId: id, text, dueAt, assigneeId, actor, now })
  }
  const lastMessageAt = now > ticket.lastMessageAt ? now : ticket.lastMessageAt
  // Nobody is answered before somebody has spoken to them.
  const moved = isTask ? afterPlan(ticket) : afterReply(ticket, { automatic })
  const patch = { ...moved, version, lastMessageAt }
  await tx.update(tickets).set(patch).where(eq(tickets.id, ticketId))
  await appendEvents(tx, [{ brandId: ticket.brandId, type: 'message', ticketId, version }])
  const [message] = await readMessages(tx, [id])
  if (!message) throw new Error('the message just written is not there')
  return message
}

/** A draft until its time; refused now already when it could not be sent then. */
async function schedule(tx: Tx, deps: ReplyDeps, reply: ReplyToWrite): Promise<Message> {
  const { id, ticketId, actor, body } = reply
  const sendAt = new Date(body.sendAt ?? 0)
  const aheadMs = sendAt.getTime() - deps.now().getTime()
  if (aheadMs <= 0 || aheadMs > SCHEDULE_LIMIT_MS) {
    throw unprocessable('send_at', 'The time to send must lie in the future, at most a year ahead.')
  }
  // What closes a window or uses up a count until then is known now; what would open it again stops this reply.
  const { ticket } = await admit(tx, reply, sendAt)
  // What the customer writes until then stops it: nobody is answered past.
  const text = cleanText(body.text)
  const stored = { ...body, text, sendAt: undefined, seenVersion: body.seenVersion ?? ticket.version, actor }
  const row = { id, ticketId, userId: actor.id, body: stored, sendAt, createdAt: deps.now(), updatedAt: deps.now() }
  await tx.insert(drafts).values(row)
  await followUp(tx, [{ kind: 'scheduled', subject: id, dueAt: sendAt }])
  const { brandId, version } = ticket
  await appendEvents(tx, [{ brandId, type: 'ticket', ticketId, version }])
  return scheduledMessage(row, reply.place, ticket.version)
}

/** Public replies that wait for a supervisor: handed in, approved, sent back, withdrawn. */

import { and, eq, inArray, or } from 'drizzle-orm'
import { type Actor, inScope, mayActAs } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import { approvals, drafts, tickets } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import { supervisorsOf } from '../notices/hearers.ts'
import { tellPeople } from '../notices/notices.ts'
import { conflict, forbidden, notFound, Refused } from '../problem.ts'
import { admit } from '../tickets/admit.ts'
import type { Place, ReplyDeps, ReplyToWrite } from '../tickets/reply.ts'
import type { StoredReply } from '../tickets/scheduled.ts'
import { afterPlan } from '../tickets/status.ts'
import type { Approve } from '../wire.ts'
import { type ActDetail, recordAct } from './acts.ts'
import { wordsOf } from './approval-needed.ts'
import { conductOf } from './conduct.ts'
import { type ApprovalRow, lockApproval } from './lock-approval.ts'

/** Due work whose subject is an approval's id: late, or its window over. */
export const approvalKind = 'approval'

/**
 * Instead of the message and its deliveries. Refused now already when it could not be sent; what came back to this person
 * before on this ticket is settled by it. Locks the thread, then the ticket.
 */
export async function handIn(tx: Tx, deps: Pick<ReplyDeps, 'now'>, reply: ReplyToWrite): Promise<ApprovalRow> {
  const { id, ticketId, actor, body, place } = reply
  const now = deps.now()
  const { ticket, closesAt } = await admit(tx, reply, body.sendAt ? new Date(body.sendAt) : now)
  const { approveWithinMs } = await conductOf(tx, ticket.brandId)
  const text = wordsOf(body.text)
  const lateAt = new Date(now.getTime() + approveWithinMs)
  const { seenVersion = ticket.version } = body
  const inReplyTo = place.inReplyTo ?? undefined
  const stored = { ...body, text, seenVersion, inReplyTo, actor: { ...actor, kind: authorKind(actor) } }
  const by = { userId: actor.id, userName: actor.name }
  await settleOwn(tx, actor, ticketId, now)
  const [row] = await tx
    .insert(approvals)
    .values({
      ...{ id, brandId: ticket.brandId, ticketId, threadId: place.thread.id, ...by },
      ...{ body: stored, text, lateAt, closesAt, createdAt: now },
    })
    .returning()
  const dueAt = closesAt && closesAt < lateAt ? closesAt : lateAt
  await followUp(tx, [{ kind: approvalKind, subject: id, dueAt }])
  const patch = { ...afterPlan(ticket), version: ticket.version + 1 }
  await tx.update(tickets).set(patch).where(eq(tickets.id, ticketId))
  await record(tx, actor, { ...ticket, ...patch }, 'approval_asked', now)
  await tellPeople(tx, await supervisorsOf(tx, ticket), { ticket, kind: 'approval_waiting', by: actor })
  await writeAudit(tx, actor, 'approval.asked', `approval:${id}`, { ticketId })
  return row!
}

/** A scheduled reply runs as the system for its author: it is the author's all the same. */
const authorKind = ({ kind, id }: Actor): Actor['kind'] =>
  kind === 'system' ? (id.startsWith('key:') ? 'key' : 'user') : kind

async function settleOwn(tx: Tx, actor: Actor, ticketId: string, now: Date): Promise<void> {
  const back = and(
    eq(approvals.ticketId, ticketId),
    eq(approvals.userId, actor.id),
    inArray(approvals.state, ['returned', 'refused']),
  )
  await tx.update(approvals).set({ state: 'withdrawn', decidedAt: now }).where(back)
}

export interface ApprovalDeps extends ReplyDeps {
  /** `tickets/reply.ts`: where a reply goes, and everything that makes it one. */
  readonly choosePlace: (actor: Actor, ticketId: string, body: StoredReply) => Promise<Place>
  readonly writeReply: (tx: Tx, reply: ReplyToWrite) => Promise<unknown>
}

/**
 * It goes out, with the agent's words or others, now or at its time. Throws 404, 403 `own_reply`, 409 `approval_decided`, 409
 * `seen_conflict`, 422 with the code of the channel's refusal; one that can never be sent any more is refused for good.
 */
export async function approve(deps: ApprovalDeps, actor: Actor, id: string, wanted: Approve): Promise<void> {
  const found = await read(deps.db, actor, id)
  const body = found.body as StoredReply
  try {
    // Of the approver's brands: what the agent may see meanwhile is another question.
    const place = await deps.choosePlace(actor, found.ticketId, body)
    await deps.db.transaction(async (tx) => {
      const row = await lockWaiting(tx, actor, id)
      if (row.userId === actor.id && !mayActAs(actor, 'supervisor')) throw forbidden()
      const now = deps.now()
      const text = wordsOf(wanted.text ?? row.text)
      const decided = { decidedBy: actor.id, decidedName: actor.name, decidedAt: now }
      await tx
        .update(approvals)
        .set({ state: 'approved', approvedText: text, ...decided })
        .where(eq(approvals.id, id))
      const { seenVersion: _theirs, sendAt, ...rest } = body
      const seen = wanted.seenVersion === undefined ? {} : { seenVersion: wanted.seenVersion }
      const reply = { ...rest, ...seen, text }
      const isLater = sendAt !== undefined && new Date(sendAt) > now
      const { ticketId } = row
      const written = { id, ticketId, actor: body.actor, body: reply, place, automatic: false }
      if (isLater) await schedule(tx, written, row, new Date(sendAt), now)
      else await deps.writeReply(tx, written)
      const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, ticketId))
      if (!ticket) throw notFound('ticket')
      await record(tx, actor, ticket, text === row.text ? 'approval_given' : 'approval_changed', now)
      await tellPeople(tx, [row.userId], { ticket, kind: 'approval_approved', by: actor })
      const changed = text !== row.text
      await writeAudit(tx, actor, 'approval.approved', `approval:${id}`, { ticketId, changed })
    })
  } catch (error) {
    if (error instanceof Refused && finalCodes.has(error.code)) await refuseForGood(deps, id, error.code)
    throw error
  }
}

/** What no waiting mends. A window that closed is looked at again should the customer write: until then it is over. */
const finalCodes: ReadonlySet<string> = new Set(['window_closed', 'account_gone', 'read_only'])

async function schedule(tx: Tx, reply: ReplyToWrite, row: ApprovalRow, sendAt: Date, now: Date): Promise<void> {
  // Asked again when its time comes; what could not be sent then is known now.
  const { ticket } = await admit(tx, reply, sendAt)
  const body = { ...reply.body, seenVersion: reply.body.seenVersion ?? ticket.version, actor: reply.actor }
  const { id, ticketId, userId } = row
  await tx.insert(drafts).values({ id, ticketId, userId, body, sendAt, createdAt: now, updatedAt: now })
  await followUp(tx, [{ kind: 'scheduled', subject: id, dueAt: sendAt }])
}

/** Both sides hear of it. Nothing when it was decided meanwhile. */
export async function refuseForGood(deps: Pick<ReplyDeps, 'db' | 'now'>, id: string, code: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const row = await lockApproval(tx, id)
    if (row?.state === 'waiting') await refuse(tx, row, code, deps.now())
  })
}

export async function refuse(tx: Tx, row: ApprovalRow, code: string, now: Date): Promise<void> {
  await tx.update(approvals).set({ state: 'refused', refused: code, decidedAt: now }).where(eq(approvals.id, row.id))
  const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, row.ticketId))
  if (!ticket) return
  await record(tx, nobody, ticket, 'approval_refused', now, { code })
  const told = [row.userId, ...(await supervisorsOf(tx, ticket))]
  await tellPeople(tx, told, { ticket, kind: 'approval_refused' })
}

/** In the ticket, and to every list of what waits. */
async function record(
  tx: Tx,
  actor: Pick<Actor, 'id' | 'name'>,
  ticket: { readonly id: string; readonly brandId: string; readonly version: number },
  kind: `approval_${string}`,
  now: Date,
  detail: ActDetail = {},
): Promise<void> {
  await recordAct(tx, actor, ticket, kind, now, detail)
  await appendEvents(tx, [{ brandId: ticket.brandId, type: 'notice', ticketId: ticket.id, version: null }])
}

export const nobody = { id: 'system', name: 'Huixin' } as const

/** Back to the agent, who keeps what they wrote. Throws 404, 409 `approval_decided`. */
export async function sendBack(
  deps: Pick<ReplyDeps, 'db' | 'now'>,
  actor: Actor,
  id: string,
  comment: string,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const row = await lockWaiting(tx, actor, id)
    const now = deps.now()
    const decided = { decidedBy: actor.id, decidedName: actor.name, decidedAt: now }
    const words = cleanText(comment)
    await tx
      .update(approvals)
      .set({ state: 'returned', comment: words, ...decided })
      .where(eq(approvals.id, id))
    const ticket = await ticketOf(tx, row.ticketId)
    await record(tx, actor, ticket, 'approval_returned', now, { comment: words })
    await tellPeople(tx, [row.userId], { ticket, kind: 'approval_returned', by: actor })
    await writeAudit(tx, actor, 'approval.returned', `approval:${id}`, { ticketId: row.ticketId })
  })
}

/**
 * Its author takes it back, or puts away what came back. False when there is none of this id to be taken back by the
 * actor; of somebody else's only a supervisor's word counts: 403.
 */
export async function withdraw(tx: Tx, actor: Actor, id: string, now: Date): Promise<boolean> {
  const row = await lockApproval(tx, id)
  if (!row || !sees(actor, row) || !['waiting', 'returned', 'refused'].includes(row.state)) return false
  if (row.userId !== actor.id && !mayActAs(actor, 'supervisor')) throw forbidden()
  await tx.update(approvals).set({ state: 'withdrawn', decidedAt: now }).where(eq(approvals.id, id))
  const ticket = await ticketOf(tx, row.ticketId)
  if (row.state === 'waiting') await record(tx, actor, ticket, 'approval_withdrawn', now)
  await writeAudit(tx, actor, 'approval.withdrawn', `approval:${id}`, { ticketId: row.ticketId })
  return true
}

async function ticketOf(tx: Tx, id: string) {
  const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, id))
  if (!ticket) throw notFound('ticket')
  return ticket
}

async function read(db: ReplyDeps['db'], actor: Actor, id: string): Promise<ApprovalRow> {
  const [row] = await db
    .select()
    .from(approvals)
    .where(and(eq(approvals.id, id), inScope(actor, approvals.brandId)))
  if (!row) throw notFound('approval')
  return row
}

const sees = ({ brandIds }: Actor, { brandId }: ApprovalRow) => brandIds === null || brandIds.includes(brandId)

/** Two who decide at once do so one after the other. */
async function lockWaiting(tx: Tx, actor: Actor, id: string): Promise<ApprovalRow> {
  const row = await lockApproval(tx, id)
  if (!row || !sees(actor, row)) throw notFound('approval')
  if (row.state !== 'waiting') throw conflict('approval_decided', 'This reply was decided on or taken back meanwhile.')
  return row
}

/** Those that wait on a ticket, and one's own that came back. */
export const shownOnTicket = (actor: Actor, ticketId: string) =>
  and(
    eq(approvals.ticketId, ticketId),
    or(
      eq(approvals.state, 'waiting'),
      and(eq(approvals.userId, actor.id), inArray(approvals.state, ['returned', 'refused'])),
    ),
  )

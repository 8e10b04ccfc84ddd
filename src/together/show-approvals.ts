import { and, asc, eq, exists, gt, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { type Actor, inScope, mayActAs } from '../auth/actor.ts'
import type { Db, Tx } from '../db/client.ts'
import { approvals, brandConduct, contacts, messages, tickets } from '../db/schema.ts'
import type { StoredReply } from '../tickets/scheduled.ts'
import type { Approval, ApprovalPage } from '../wire.ts'

/** More are worked through before the others are seen. */
const mostShown = 200

/** Oldest first. The caller's condition sees to it that the reader may see them. */
export async function showApprovals(db: Db | Tx, where: SQL | undefined): Promise<Approval[]> {
  const answered = alias(messages, 'answered')
  const later = db
    .select({ one: sql`1` })
    .from(messages)
    .where(
      and(
        eq(messages.ticketId, approvals.ticketId),
        eq(messages.direction, 'inbound'),
        gt(messages.receivedAt, approvals.createdAt),
      ),
    )
  const rows = await db
    .select({
      row: approvals,
      number: tickets.number,
      contact: contacts.name,
      answers: answered.text,
      overtaken: sql<boolean>`${exists(later)}`,
    })
    .from(approvals)
    .innerJoin(tickets, eq(tickets.id, approvals.ticketId))
    .innerJoin(contacts, eq(contacts.id, tickets.contactId))
    .leftJoin(answered, eq(answered.id, sql`(${approvals.body} ->> 'inReplyTo')::uuid`))
    .where(where)
    .orderBy(asc(approvals.createdAt), asc(approvals.id))
    .limit(mostShown)
  return rows.map(({ row, number, contact, answers, overtaken }) => {
    const { mediaIds, sendAt, seenVersion = 0 } = row.body as StoredReply
    return {
      id: row.id,
      state: row.state,
      text: row.text,
      files: mediaIds.length,
      by: { id: row.userId, name: row.userName },
      at: row.createdAt.toISOString(),
      sendAt: sendAt ?? null,
      lateAt: row.lateAt.toISOString(),
      closesAt: row.closesAt?.toISOString() ?? null,
      seenVersion,
      overtaken,
      decidedBy: row.decidedBy === null ? null : { id: row.decidedBy, name: row.decidedName ?? row.decidedBy },
      decidedAt: row.decidedAt?.toISOString() ?? null,
      comment: row.comment,
      refused: row.refused,
      ticket: { id: row.ticketId, number, contact, brandId: row.brandId },
      answers,
    }
  })
}

/** Supervisors: all that wait in their brands. Agents: their own that wait or came back. */
export async function listApprovals(db: Db, actor: Actor): Promise<ApprovalPage> {
  const decides = mayActAs(actor, 'supervisor')
  const wanted = decides
    ? eq(approvals.state, 'waiting')
    : and(eq(approvals.userId, actor.id), sql`${approvals.state} in ('waiting', 'returned', 'refused')`)
  const where = and(inScope(actor, approvals.brandId), wanted)
  const asking = and(inScope(actor, brandConduct.brandId), eq(brandConduct.approvePublic, true))
  const [shown, waiting, asked] = await Promise.all([
    showApprovals(db, where),
    db.$count(approvals, and(where, eq(approvals.state, 'waiting'))),
    db.$count(brandConduct, asking),
  ])
  return { approvals: shown, waiting, inUse: asked > 0 || waiting > 0 }
}

/** What people at the desk should hear of: kept until they have seen it. */
import { and, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { contacts, notices, tickets } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import type { Alert, AlertPage, AlertQuery, ClockKind } from '../wire.ts'

export interface NewNotice {
  /** With the person unique: the same is never said twice. */
  readonly key: string
  readonly kind: Alert['kind']
  readonly ticket: { readonly id: string; readonly brandId: string }
  readonly clock?: ClockKind
  readonly dueAt?: Date
}

/** To those of the users who are enabled and see the brand. */
export async function tellPeople(tx: Tx, userIds: readonly string[], now: Date, notice: NewNotice): Promise<void> {
  const { key, kind, ticket, clock = null, dueAt = null } = notice
  if (userIds.length === 0) return
  const people = await tx.execute<{ id: string }>(sql`
    select u.id from auth_user u
    where u.id in ${[...new Set(userIds)]} and not u.banned and (u.role = 'administrator' or exists (
      select from brand_members b where b.user_id = u.id and b.brand_id = ${ticket.brandId}))`)
  if (people.length === 0) return
  const detail = { clock, dueAt: dueAt?.toISOString() ?? null }
  await tx
    .insert(notices)
    .values(
      people.map(({ id: userId }) => ({
        id: newId(),
        userId,
        key,
        kind,
        brandId: ticket.brandId,
        ticketId: ticket.id,
        detail,
        createdAt: now,
      })),
    )
    .onConflictDoNothing()
  await appendEvents(tx, [{ brandId: ticket.brandId, type: 'notice', ticketId: null, version: null }])
}

/** One's own, of the brands one sees. */
export async function listNotices(db: Db, actor: Actor, query: AlertQuery): Promise<AlertPage> {
  const mine = and(eq(notices.userId, actor.id), inScope(actor, notices.brandId))
  const unread = isNull(notices.readAt)
  const rows = await db
    .select({ notice: notices, number: tickets.number, contact: contacts.name })
    .from(notices)
    .innerJoin(tickets, eq(tickets.id, notices.ticketId))
    .innerJoin(contacts, eq(contacts.id, tickets.contactId))
    .where(and(mine, query.unread ? unread : undefined, query.after ? lt(notices.id, query.after) : undefined))
    .orderBy(desc(notices.id))
    .limit(query.limit + 1)
  const page = rows.slice(0, query.limit)
  return {
    notices: page.map(({ notice, number, contact }) => show(notice, number, contact)),
    next: rows.length > query.limit ? (page.at(-1)?.notice.id ?? null) : null,
    unread: await db.$count(notices, and(mine, unread)),
  }
}

/** All of one's own, where no ids are given. */
export async function markRead(db: Db, actor: Actor, now: Date, ids: readonly string[] | undefined): Promise<void> {
  await db
    .update(notices)
    .set({ readAt: now })
    .where(and(eq(notices.userId, actor.id), isNull(notices.readAt), ids ? inArray(notices.id, [...ids]) : undefined))
}

const keptMs = 30 * 86_400_000

export async function pruneNotices(db: Db, now: Date): Promise<void> {
  await db.delete(notices).where(lt(notices.createdAt, new Date(now.getTime() - keptMs)))
}

function show(row: typeof notices.$inferSelect, number: number, contact: string): Alert {
  const { clock, dueAt } = row.detail as { clock: ClockKind | null; dueAt: string | null }
  return {
    id: row.id,
    kind: row.kind as Alert['kind'],
    ticket: { id: row.ticketId, number, contact },
    clock,
    dueAt,
    createdAt: row.createdAt.toISOString(),
    read: row.readAt !== null,
  }
}

/** What somebody has to hear of wherever they are at the desk: kept, and nobody's but theirs. */
import { and, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { contacts, notices, tickets } from '../db/schema.ts'
import type { ClockKind } from '../db/schema-promises.ts'
import { appendEvents } from '../live/append.ts'
import type { KeptNoticeKind, Notice, NoticeListQuery, NoticePage } from '../wire.ts'

export interface NewNotice {
  readonly kind: KeptNoticeKind
  readonly ticket: { readonly id: string; readonly brandId: string }
  /** With the person unique: the same is never said twice. Left out: it is said by the transaction that does it, so once. */
  readonly key?: string
  /** Who did it, who is not told of it. */
  readonly by?: Pick<Actor, 'id' | 'name'>
  readonly clock?: ClockKind
  readonly dueAt?: Date
}

/** In the transaction that makes the news: to those of the users who are enabled and see the brand. */
export async function tellPeople(tx: Tx, userIds: readonly (string | null)[], notice: NewNotice): Promise<void> {
  const { kind, ticket, key = newId(), by = null, clock = null, dueAt = null } = notice
  const wanted = new Set(userIds.filter((id) => id !== null && id !== by?.id))
  if (wanted.size === 0) return
  const people = await tx.execute<{ id: string }>(sql`
    select u.id from auth_user u
    where u.id in ${[...wanted]} and not u.banned and (u.role = 'administrator' or exists (
      select from brand_members b where b.user_id = u.id and b.brand_id = ${ticket.brandId}))`)
  if (people.length === 0) return
  const row = { key, kind, brandId: ticket.brandId, ticketId: ticket.id, byName: by?.name ?? null, clock, dueAt }
  await tx
    .insert(notices)
    .values(people.map(({ id: userId }) => ({ id: newId(), userId, ...row })))
    .onConflictDoNothing()
  await appendEvents(tx, [{ brandId: ticket.brandId, type: 'notice', ticketId: null, version: null }])
}

/** One's own, of the brands one sees. */
export async function listNotices(db: Db, actor: Actor, query: NoticeListQuery): Promise<NoticePage> {
  const mine = and(eq(notices.userId, actor.id), inScope(actor, notices.brandId))
  const unread = isNull(notices.readAt)
  const rows = await db
    .select({ notice: notices, number: tickets.number, name: contacts.name })
    .from(notices)
    .innerJoin(tickets, eq(tickets.id, notices.ticketId))
    .innerJoin(contacts, eq(contacts.id, tickets.contactId))
    .where(and(mine, query.unread ? unread : undefined, query.after ? lt(notices.id, query.after) : undefined))
    .orderBy(desc(notices.id))
    .limit(query.limit + 1)
  const page = rows.slice(0, query.limit)
  return {
    notices: page.map(({ notice, number, name }) => show(notice, number, name)),
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

/** Read ones go after 30 days, the others after 90. */
export async function pruneNotices(db: Db): Promise<void> {
  await db.execute(sql`
    delete from notices where created_at < now() - interval '90 days'
      or (read_at is not null and created_at < now() - interval '30 days')`)
}

function show(row: typeof notices.$inferSelect, number: number, name: string): Notice {
  return {
    id: row.id,
    kind: row.kind,
    brandId: row.brandId,
    ticketId: row.ticketId,
    number,
    name,
    by: row.byName,
    clock: row.clock,
    dueAt: row.dueAt?.toISOString() ?? null,
    text: '',
    state: null,
    at: row.createdAt.toISOString(),
    read: row.readAt !== null,
  }
}

/** What somebody has to hear of wherever they are at the desk. A notice is nobody's but theirs. */
import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { authUser, contacts, notices, tickets } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import type { Notice, Notices } from '../wire.ts'

export interface News {
  readonly ticket: { readonly id: string; readonly brandId: string }
  readonly kind: Notice['kind']
  /** Who did it, who is not told of it; null: a time was over. */
  readonly by: Pick<Actor, 'id' | 'name'> | null
  readonly now: Date
}

/** In the transaction that makes the news. Programs, and people who do not see the brand any more, are left out. */
export async function notify(tx: Tx, userIds: readonly (string | null)[], news: News): Promise<void> {
  const wanted = [...new Set(userIds.filter((id) => id !== null && id !== news.by?.id))] as string[]
  if (wanted.length === 0) return
  const { id: ticketId, brandId } = news.ticket
  const people = await tx
    .select({ id: authUser.id })
    .from(authUser)
    .where(and(inArray(authUser.id, wanted), eq(authUser.banned, false), seesBrand(brandId)))
  if (people.length === 0) return
  const row = { brandId, ticketId, kind: news.kind, byName: news.by?.name ?? null, createdAt: news.now }
  await tx.insert(notices).values(people.map(({ id: userId }) => ({ id: newId(), userId, ...row })))
  await appendEvents(tx, [{ brandId, type: 'notice', ticketId, version: null }])
}

/** Those who decide for a brand: its supervisors, and where it has none the administrators. */
export async function supervisorsOf(tx: Tx | Db, brandId: string): Promise<string[]> {
  const rows = await tx
    .select({ id: authUser.id, role: authUser.role })
    .from(authUser)
    .where(and(inArray(authUser.role, ['supervisor', 'administrator']), eq(authUser.banned, false), seesBrand(brandId)))
  const supervisors = rows.filter(({ role }) => role === 'supervisor')
  return (supervisors.length > 0 ? supervisors : rows).map(({ id }) => id)
}

const seesBrand = (brandId: string) => sql`(${authUser.role} = 'administrator' or exists (
  select from brand_members where user_id = ${authUser.id} and brand_id = ${brandId}))`

const mostShown = 50

export async function listNotices(db: Db, actor: Actor): Promise<Notices> {
  const mine = and(eq(notices.userId, actor.id), inScope(actor, notices.brandId))
  const rows = await db
    .select({ notice: notices, number: tickets.number, contact: contacts.name })
    .from(notices)
    .innerJoin(tickets, eq(tickets.id, notices.ticketId))
    .innerJoin(contacts, eq(contacts.id, tickets.contactId))
    .where(mine)
    .orderBy(desc(notices.createdAt), desc(notices.id))
    .limit(mostShown)
  const unseen = await db.$count(notices, and(mine, isNull(notices.seenAt)))
  return {
    notices: rows.map(({ notice, number, contact }) => ({
      id: notice.id,
      kind: notice.kind as Notice['kind'],
      by: notice.byName,
      ticket: { id: notice.ticketId, number, contact },
      at: notice.createdAt.toISOString(),
      seen: notice.seenAt !== null,
    })),
    unseen,
  }
}

/** All that came up to this one: what comes at the same moment stays unseen. */
export async function seeNotices(db: Db, actor: Actor, upTo: string, now: Date): Promise<void> {
  await db
    .update(notices)
    .set({ seenAt: now })
    .where(
      and(
        eq(notices.userId, actor.id),
        isNull(notices.seenAt),
        sql`(${notices.createdAt}, ${notices.id}) <= (
          select created_at, id from notices where id = ${upTo} and user_id = ${actor.id})`,
      ),
    )
}

/** Seen ones go after 30 days, the others after 90. */
export async function pruneNotices(db: Db): Promise<void> {
  await db.execute(sql`
    delete from notices where created_at < now() - interval '90 days'
      or (seen_at is not null and created_at < now() - interval '30 days')`)
}

/** What somebody has to hear of wherever they are at the desk. A notice is nobody's but theirs. */
import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { authUser, contacts, news, tickets } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import type { News, NewsPage } from '../wire.ts'

export interface NewsOf {
  readonly ticket: { readonly id: string; readonly brandId: string }
  readonly kind: News['kind']
  /** Who did it, who is not told of it; null: a time was over. */
  readonly by: Pick<Actor, 'id' | 'name'> | null
  readonly now: Date
}

/** In the transaction that makes the news. Programs, and people who do not see the brand any more, are left out. */
export async function notify(tx: Tx, userIds: readonly (string | null)[], about: NewsOf): Promise<void> {
  const wanted = [...new Set(userIds.filter((id) => id !== null && id !== about.by?.id))] as string[]
  if (wanted.length === 0) return
  const { id: ticketId, brandId } = about.ticket
  const people = await tx
    .select({ id: authUser.id })
    .from(authUser)
    .where(and(inArray(authUser.id, wanted), eq(authUser.banned, false), seesBrand(brandId)))
  if (people.length === 0) return
  const row = { brandId, ticketId, kind: about.kind, byName: about.by?.name ?? null, createdAt: about.now }
  await tx.insert(news).values(people.map(({ id: userId }) => ({ id: newId(), userId, ...row })))
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

export async function listNews(db: Db, actor: Actor): Promise<NewsPage> {
  const mine = and(eq(news.userId, actor.id), inScope(actor, news.brandId))
  const rows = await db
    .select({ item: news, number: tickets.number, contact: contacts.name })
    .from(news)
    .innerJoin(tickets, eq(tickets.id, news.ticketId))
    .innerJoin(contacts, eq(contacts.id, tickets.contactId))
    .where(mine)
    .orderBy(desc(news.createdAt), desc(news.id))
    .limit(mostShown)
  const unseen = await db.$count(news, and(mine, isNull(news.seenAt)))
  return {
    news: rows.map(({ item, number, contact }) => ({
      id: item.id,
      kind: item.kind as News['kind'],
      by: item.byName,
      ticket: { id: item.ticketId, number, contact },
      at: item.createdAt.toISOString(),
      seen: item.seenAt !== null,
    })),
    unseen,
  }
}

/** All that came up to this one: what comes at the same moment stays unseen. */
export async function seeNews(db: Db, actor: Actor, upTo: string, now: Date): Promise<void> {
  await db
    .update(news)
    .set({ seenAt: now })
    .where(
      and(
        eq(news.userId, actor.id),
        isNull(news.seenAt),
        sql`(${news.createdAt}, ${news.id}) <= (
          select created_at, id from news where id = ${upTo} and user_id = ${actor.id})`,
      ),
    )
}

/** Seen ones go after 30 days, the others after 90. */
export async function pruneNews(db: Db): Promise<void> {
  await db.execute(sql`
    delete from news where created_at < now() - interval '90 days'
      or (seen_at is not null and created_at < now() - interval '30 days')`)
}

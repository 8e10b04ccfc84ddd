/** How far an agent has seen a ticket, and in which of a list's tickets something came since. */
import { and, eq, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { tickets } from '../db/schema.ts'
import { notFound } from '../problem.ts'

/**
 * Those of `ids` whose newest customer's message the agent has not seen. One they never had on the screen counts only while
 * the customer waits: what colleagues finished is no news.
 */
export async function unreadOf(db: Db, actor: Actor, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  // The newest message by the index `messages_order`; a conversation of thousands is not read.
  const rows = await db.execute<{ id: string }>(sql`
    select t.id from tickets t
    left join ticket_seen s on s.ticket_id = t.id and s.user_id = ${actor.id}
    where t.id = any(${`{${ids.join(',')}}`}::uuid[]) and case
      when s.version is null then t.unanswered_since is not null
      when s.version >= t.version then false
      else coalesce((
        select m.ticket_version from messages m where m.ticket_id = t.id and m.direction = 'inbound'
        order by m.ordered_at desc, coalesce(m.sequence, '') desc, m.id desc limit 1
      ) > s.version, false) end`)
  return rows.map(({ id }) => id)
}

/** Never back: two windows tell in any order, and twice. Throws 404 for a ticket the actor does not see. */
export async function putSeen(db: Db, actor: Actor, ticketId: string, version: number): Promise<void> {
  const seen = and(eq(tickets.id, ticketId), inScope(actor, tickets.brandId))
  const [ticket] = await db.select({ version: tickets.version }).from(tickets).where(seen)
  if (!ticket) throw notFound('ticket')
  // What has not come yet cannot have been seen.
  const upTo = Math.min(version, ticket.version)
  await db.execute(sql`
    insert into ticket_seen as s (user_id, ticket_id, version)
    select u.id, ${ticketId}, ${upTo} from auth_user u where u.id = ${actor.id}
    on conflict (user_id, ticket_id) do update set version = excluded.version where s.version < excluded.version`)
}

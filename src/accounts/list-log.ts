import { and, desc, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Actor } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { accounts, channelLog, deliveries, inboundUnread } from '../db/schema.ts'
import { notFound, Refused } from '../problem.ts'
import type { ChannelLogPage, ChannelLogQuery, UnreadSummary } from '../wire.ts'
import { visibleAccount } from './scoped.ts'

/** The account's exchanges with its platform, newest first. Throws 404, and 400 `bad_cursor`. */
export async function listLog(db: Db, actor: Actor, id: string, query: ChannelLogQuery): Promise<ChannelLogPage> {
  await requireAccount(db, actor, id)
  const before = query.after === undefined ? null : readCursor(query.after)
  const rows = await db
    .select({ line: channelLog, ticketId: deliveries.ticketId })
    .from(channelLog)
    .leftJoin(deliveries, eq(deliveries.id, channelLog.deliveryId))
    .where(
      and(
        eq(channelLog.accountId, id),
        query.result === 'failed' ? failed : undefined,
        query.q ? saying(query.q) : undefined,
        query.delivery === undefined ? undefined : eq(channelLog.deliveryId, query.delivery),
        before
          ? sql`(${channelLog.at}, ${channelLog.id}) < (${before.at}::timestamptz, ${before.id}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(channelLog.at), desc(channelLog.id))
    .limit(query.limit + 1)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)?.line
  return {
    lines: page.map(({ line: { accountId: _accountId, at, ...line }, ticketId }) => ({
      ...line,
      at: at.toISOString(),
      ticketId,
    })),
    next: rows.length > query.limit && last ? writeCursor(last) : null,
  }
}

/** No answer, an answer that is an error, or (some platforms refuse with a 200) a reply that came to nothing. */
const failed = sql`(${channelLog.status} is null or ${channelLog.status} >= 400 or ${channelLog.error} is not null
  or ${deliveries.state} in ('failed', 'unknown'))`

const saying = (words: string) => sql`strpos(
  lower(concat_ws(' ', ${channelLog.method}, ${channelLog.url}, ${channelLog.request}, ${channelLog.response}, ${channelLog.error})),
  lower(${words})) > 0`

/** How much could not be read, and why. Throws 404. */
export async function summarizeUnread(db: Db, actor: Actor, id: string): Promise<UnreadSummary> {
  await requireAccount(db, actor, id)
  const reasons = await db
    .select({
      reason: inboundUnread.reason,
      count: sql<number>`count(*)::int`,
      oldest: sql<string>`to_char(min(${inboundUnread.receivedAt}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
    })
    .from(inboundUnread)
    .where(and(eq(inboundUnread.accountId, id), sql`${inboundUnread.replayedAt} is null`))
    .groupBy(inboundUnread.reason)
    .orderBy(sql`count(*) desc`, inboundUnread.reason)
    .limit(100)
  return { count: reasons.reduce((sum, reason) => sum + reason.count, 0), reasons }
}

export async function requireAccount(db: Db, actor: Actor, id: string): Promise<void> {
  const [row] = await db.select({ id: accounts.id }).from(accounts).where(visibleAccount(actor, id))
  if (!row) throw notFound('account')
}

// Lines are written with milliseconds, so a `Date` holds their time exactly.
const Place = z.object({ at: z.iso.datetime(), id: z.uuid() })

const writeCursor = ({ at, id }: { at: Date; id: string }) =>
  Buffer.from(JSON.stringify({ at: at.toISOString(), id })).toString('base64url')

function readCursor(cursor: string): z.infer<typeof Place> {
  const place = z.safeParse(Place, jsonOrNull(Buffer.from(cursor, 'base64url').toString()))
  if (!place.success) throw new Refused(400, 'bad_cursor', 'This cursor is not one of this list.')
  return place.data
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

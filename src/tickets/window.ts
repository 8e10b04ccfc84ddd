/** How long a customer who waits can still be answered, where the platform closes a window: for the queue's order and rows. */
import { type SQL, sql } from 'drizzle-orm'
import type { Adapter } from '../channel/adapter.ts'
import type { Surface } from '../channel/events.ts'
import type { Standing } from '../channel/standing.ts'
import type { Db } from '../db/client.ts'
import { standingOf } from '../outbound/standing.ts'
import type { Ticket } from '../wire.ts'

export type Channels = ReadonlyMap<string, Pick<Adapter<unknown>, 'capabilities'>>

/** A ticket whose window closes within this time is about to be lost. */
export const closingMs = 24 * 3_600_000

/**
 * When the last window of ticket `t` closes, whether or not replies are left in it; null: none does. A few conversations'
 * rows are read for each ticket, so ask it of those who wait, not of all.
 */
export function windowUntil(channels: Channels): SQL {
  const windows = [...channels].flatMap(([channel, { capabilities }]) =>
    Object.entries(capabilities.surfaces).flatMap(([surface, can]) =>
      (can?.windows ?? []).map(({ openedBy, lengthMs }) => {
        const kinds =
          openedBy === 'message' ? null : `{${openedBy.opened.map((kind) => JSON.stringify(kind)).join(',')}}`
        return sql`(${channel}::text, ${surface}::text, ${kinds}::text[], ${lengthMs}::float8)`
      }),
    ),
  )
  if (windows.length === 0) return sql`null::timestamptz`
  return sql`(
    select max(
      case when w.kinds is null then th.last_inbound_at when th.opened_kind = any(w.kinds) then th.opened_at end
        + w.length_ms * interval '1 millisecond'
    )
    from threads th join accounts a on a.id = th.account_id
    join (values ${sql.join(windows, sql`, `)}) as w(channel, surface, kinds, length_ms)
      on w.channel = a.channel and w.surface = th.surface
    where th.current_ticket_id = t.id
  )`
}

/** The windows of a page of tickets, in three queries whatever their number. */
export async function withWindows(
  db: Db,
  tickets: readonly Ticket[],
  channels: Channels,
  now: Date,
): Promise<Ticket[]> {
  const limited = tickets.filter(({ channel }) =>
    Object.values(channels.get(channel)?.capabilities.surfaces ?? {}).some((can) => can && can.windows.length > 0),
  )
  if (limited.length === 0) return [...tickets]
  const threads = await db.execute<{
    id: string
    ticket_id: string
    account_id: string
    channel: string
    surface: Surface
  }>(sql`
    select th.id, th.current_ticket_id as ticket_id, th.account_id, a.channel, th.surface
    from threads th join accounts a on a.id = th.account_id
    where th.current_ticket_id = any(${`{${limited.map(({ id }) => id).join(',')}}`}::uuid[])`)
  const channelOf = new Map(threads.map((thread) => [thread.account_id, thread.channel]))
  const standings = await standingOf(
    db,
    threads.map(({ id }) => id),
    (accountId) => channels.get(channelOf.get(accountId) ?? '')?.capabilities ?? null,
  )
  const byTicket = Map.groupBy(threads, ({ ticket_id }) => ticket_id)
  return tickets.map((ticket) => {
    const standing = byTicket.get(ticket.id)?.flatMap(({ id }) => standings.get(id) ?? [])
    return { ...ticket, window: standing ? lastWindow(standing, now) : null }
  })
}

/** Null: one of the conversations can be answered at any time. */
function lastWindow(standings: readonly Standing[], now: Date): NonNullable<Ticket['window']> | null {
  const windows = standings.map(({ windows: of }) => of)
  if (windows.length === 0 || windows.some((of) => of === null)) return null
  const open = windows
    .flatMap((of) => of ?? [])
    .filter(({ until, left }) => until > now && left !== 0)
    .sort((a, b) => b.until.getTime() - a.until.getTime())[0]
  return open ? { until: open.until.toISOString(), left: open.left } : { until: null, left: 0 }
}

import { type SQL, sql } from 'drizzle-orm'
import type { Capabilities } from '../channel/capabilities.ts'
import type { Bilingual } from '../channel/errors.ts'
import type { Surface } from '../channel/events.ts'
import type { Standing } from '../channel/standing.ts'
import type { Db, Tx } from '../db/client.ts'

/** Of identity `i` in thread `t`: some can only not be reached in private. */
export const reachableIn = sql`(i.reachable or i.unreachable_on <> t.surface) is true as reachable`

export interface StandingOptions {
  /** Count only deliveries before this one: for the check at the claim. */
  readonly before?: number
  /** Ask whether this message may be answered, rather than the newest that may. */
  readonly inReplyTo?: string
}

interface Row {
  [column: string]: unknown
  id: string
  account_id: string
  surface: Surface
  reachable: boolean
  unreachable_reason: string | null
  last_inbound_at: string | null
  opened_at: string | null
  opened_kind: string | null
  has_inbound: boolean
  replyable: boolean | null
  not_replyable_reason: Bilingual | null
  replyable_until: string | null
  used: string[]
}

/**
 * Where each thread stands. `used` counts every reply that reached the person or still may: queued, automatic, in doubt,
 * and those written in the platform's own app, whether it told of them or an agent did. Failed and cancelled ones do not count.
 * Call it under the thread's lock when something is going to be written on the strength of it.
 */
export async function standingOf(
  tx: Tx | Db,
  threadIds: readonly string[],
  capabilitiesOf: (accountId: string) => Capabilities | null,
  options: StandingOptions = {},
): Promise<Map<string, Standing>> {
  if (threadIds.length === 0) return new Map()
  const rows = await tx.execute<Row>(standingQuery(threadIds, options))
  const result = new Map<string, Standing>()
  for (const row of rows) {
    const surface = capabilitiesOf(row.account_id)?.surfaces[row.surface]
    result.set(row.id, {
      surface: row.surface,
      reachable: row.reachable,
      unreachableReason: row.unreachable_reason,
      replyable: row.replyable ?? !row.has_inbound,
      notReplyableReason: row.not_replyable_reason,
      windows: surface ? windowsOf(surface.windows, row) : null,
    })
  }
  return result
}

/**
 * The newest message that may be answered is looked for in the thread's ticket, where each new one goes: there is an index
 * for that, and none for all messages of a thread.
 */
export function standingQuery(threadIds: readonly string[], options: StandingOptions = {}): SQL {
  const target = options.inReplyTo
    ? sql`m.id = ${options.inReplyTo}`
    : sql`m.ticket_id = t.current_ticket_id and m.deleted_at is null`
  return sql`
    select t.id, t.account_id, t.surface, ${reachableIn},
      i.unreachable_reason, t.last_inbound_at, t.opened_at, t.opened_kind,
      t.last_inbound_at is not null as has_inbound, target.replyable, target.not_replyable_reason,
      target.replyable_until,
      array(
        select d.created_at from deliveries d
        where d.thread_id = t.id and d.state not in ('failed', 'cancelled')
          and d.created_at > coalesce(least(t.last_inbound_at, t.opened_at), t.last_inbound_at, t.opened_at)
          and d.position < ${options.before ?? Number.MAX_SAFE_INTEGER}
        union all
        select m.sent_at from messages m
        where m.thread_id = t.id and m.direction = 'outbound'
          and not exists (select from deliveries s where s.message_id = m.id)
          and m.sent_at > coalesce(least(t.last_inbound_at, t.opened_at), t.last_inbound_at, t.opened_at)
      )::text[] as used
    from threads t
    join identities i on i.id = t.identity_id
    left join lateral (
      select m.replyable, m.not_replyable_reason, m.replyable_until from messages m
      where m.thread_id = t.id and m.direction = 'inbound' and ${target}
      order by m.replyable desc, m.ordered_at desc, m.sequence desc, m.id desc limit 1
    ) target on true
    where t.id = any(${`{${threadIds.join(',')}}`}::uuid[])`
}

function windowsOf(windows: NonNullable<Capabilities['surfaces'][Surface]>['windows'], row: Row): Standing['windows'] {
  // One message's own end stands for the surface's windows, which do not know it.
  if (row.replyable_until !== null) return [{ until: new Date(row.replyable_until), left: null }]
  if (windows.length === 0) return null
  const open = windows.flatMap((window) => {
    const opened =
      window.openedBy === 'message'
        ? row.last_inbound_at
        : window.openedBy.opened.includes(row.opened_kind ?? '')
          ? row.opened_at
          : null
    if (opened === null) return []
    const since = new Date(opened).getTime()
    const used = row.used.filter((time) => new Date(time).getTime() > since).length
    const left = window.replies === null ? null : Math.max(0, window.replies - used)
    return [{ until: new Date(since + window.lengthMs), left }]
  })
  return open.sort((a, b) => b.until.getTime() - a.until.getTime())
}

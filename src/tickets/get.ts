/** One ticket with its conversations: where each stands, and what waits to be sent. */
import { and, asc, eq, isNotNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Connections } from '../accounts/connections.ts'
import type { Actor } from '../auth/actor.ts'
import type { Capabilities } from '../channel/capabilities.ts'
import type { Surface } from '../channel/events.ts'
import type { Standing } from '../channel/standing.ts'
import type { Db } from '../db/client.ts'
import { authUser, drafts } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { reachableIn, standingOf } from '../outbound/standing.ts'
import { notFound } from '../problem.ts'
import { openTasksOf } from '../tasks/list.ts'
import { togetherOf } from '../together/of-ticket.ts'
import type { Hold, TicketDetail } from '../wire.ts'
import { readClocks } from './clocks.ts'
import { requireTicket } from './lock-ticket.ts'
import { showTickets } from './show-tickets.ts'

/** Throws 404. */
export async function getTicket(
  deps: Pick<Deps, 'db' | 'channels'> & { readonly connections: Pick<Connections, 'get'> },
  actor: Actor,
  id: string,
): Promise<TicketDetail> {
  const { db, channels, connections } = deps
  const { brandId } = await requireTicket(db, actor, id)
  const [[ticket], threads, scheduled, tasks, together, clocks] = await Promise.all([
    showTickets(db, [id]),
    readThreads(db, id),
    readScheduled(db, id),
    openTasksOf(deps, id),
    togetherOf(db, actor, { id, brandId }),
    readClocks(db, id),
  ])
  if (!ticket) throw notFound('ticket')
  const channelOf = new Map(threads.map((thread) => [thread.account_id, thread.channel]))
  const ownOf = new Map<string, Capabilities>()
  for (const accountId of channelOf.keys()) {
    const account = await connections.get(accountId)
    if (account) ownOf.set(accountId, account.adapter.capabilities)
  }
  const usualOf = (accountId: string) => channels.get(channelOf.get(accountId) ?? '')?.capabilities ?? null
  const capabilitiesOf = (accountId: string) => ownOf.get(accountId) ?? usualOf(accountId)
  const differingOf = (accountId: string) => {
    const own = capabilitiesOf(accountId)
    return own && own !== usualOf(accountId) ? { ...own } : null
  }
  const standings = await standingOf(
    db,
    threads.map((thread) => thread.id),
    capabilitiesOf,
  )
  return {
    ...ticket,
    threads: threads.flatMap((thread) => {
      const standing = standings.get(thread.id)
      if (!standing) return []
      const surface = capabilitiesOf(thread.account_id)?.surfaces[thread.surface]
      return {
        id: thread.id,
        accountId: thread.account_id,
        channel: thread.channel,
        surface: thread.surface,
        rootId: thread.root_id,
        identity: {
          id: thread.identity_id,
          name: thread.identity_name,
          handle: thread.handle,
          reachable: thread.reachable,
          contact: { id: thread.contact_id, name: thread.contact_name },
        },
        standing: showStanding(standing),
        capabilities: differingOf(thread.account_id),
        undoMs: thread.undo_ms ?? surface?.undoMs ?? 0,
        pausedUntil: thread.paused_until && new Date(thread.paused_until).toISOString(),
        hold: thread.hold,
      }
    }),
    clocks,
    tasks,
    together,
    scheduled,
  }
}

const utc = (time: string) => sql.raw(`to_char((${time}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)

interface ThreadRow {
  [column: string]: unknown
  id: string
  account_id: string
  channel: string
  surface: Surface
  root_id: string | null
  identity_id: string
  identity_name: string
  handle: string | null
  reachable: boolean
  contact_id: string
  contact_name: string
  undo_ms: number | null
  paused_until: string | null
  hold: Hold | null
}

/** Those with a message in the ticket, and those whose next message goes there; who spoke last comes first. */
async function readThreads(db: Db, ticketId: string): Promise<readonly ThreadRow[]> {
  return db.execute<ThreadRow>(sql`
    select t.id, t.account_id, a.channel, t.surface, t.root_id, t.identity_id, i.name as identity_name, i.handle,
      ${reachableIn}, c.id as contact_id, c.name as contact_name, a.undo_ms,
      nullif(greatest(t.paused_until, a.paused_until, now()), now()) as paused_until,
      case when h.account_id is not null then json_build_object(
        'since', ${utc('h.since')}, 'until', ${utc('h.until')}, 'reason', h.reason,
        'by', json_build_object('id', h.held_by, 'name', h.held_by_name)) end as hold
    from threads t join accounts a on a.id = t.account_id join identities i on i.id = t.identity_id
    join contacts c on c.id = i.contact_id
    left join account_holds h on h.account_id = t.account_id and coalesce(h.until, 'infinity') > now()
    where t.id in (
      select thread_id from messages where ticket_id = ${ticketId} and thread_id is not null
      union select id from threads where current_ticket_id = ${ticketId}
    )
    order by t.last_inbound_at desc nulls last, t.id`)
}

const StoredText = z.object({ text: z.string(), actor: z.object({ name: z.string() }).optional() })

async function readScheduled(db: Db, ticketId: string): Promise<TicketDetail['scheduled']> {
  const rows = await db
    .select({ draft: drafts, name: authUser.name })
    .from(drafts)
    .leftJoin(authUser, eq(authUser.id, drafts.userId))
    .where(and(eq(drafts.ticketId, ticketId), isNotNull(drafts.sendAt)))
    .orderBy(asc(drafts.sendAt), asc(drafts.id))
  return rows.flatMap(({ draft, name }) => {
    if (!draft.sendAt) return []
    const { text, actor } = StoredText.parse(draft.body)
    const by = { id: draft.userId, name: name ?? actor?.name ?? draft.userId }
    return { id: draft.id, text, sendAt: draft.sendAt.toISOString(), by, refused: draft.refused }
  })
}

function showStanding(standing: Standing): TicketDetail['threads'][number]['standing'] {
  const windows = standing.windows?.map(({ until, left }) => ({ until: until.toISOString(), left })) ?? null
  return { ...standing, windows }
}

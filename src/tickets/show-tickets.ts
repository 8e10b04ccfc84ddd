/** Tickets as the API shows them in lists, details, answers to changes, and conflicts. */
import { sql } from 'drizzle-orm'
import type { Surface } from '../channel/events.ts'
import type { Db, Tx } from '../db/client.ts'
import type { Priority, TicketStatus } from '../db/schema.ts'
import type { Ticket } from '../wire.ts'
import { needsRescue, needsVerdict } from './attention.ts'

interface Row {
  [column: string]: unknown
  id: string
  number: number
  status: TicketStatus
  priority: Priority
  channel: string
  account_id: string
  brand_id: string
  contact_id: string
  contact_name: string
  handle: string | null
  assignee_id: string | null
  assignee_name: string | null
  team_id: string | null
  team_name: string | null
  tags: string[]
  category: string | null
  preview: string
  surface: Surface
  last_message_at: string
  unanswered_since: string | null
  snoozed_until: string | null
  created_at: string
  version: number
  named: string | null
  escalated: boolean
  failed: number
  unknown: number
  clock: Ticket['clock']
}

/** Those of `ids` that exist, in that order. The caller has seen to it that the reader may see them. One query. */
export async function showTickets(db: Db | Tx, ids: readonly string[]): Promise<Ticket[]> {
  if (ids.length === 0) return []
  const rows = await db.execute<Row>(sql`
    select t.id, t.number::float8 as number, t.status, t.priority, a.channel, t.account_id, t.brand_id, t.contact_id,
      c.name as contact_name, i.handle, t.assignee_id, u.name as assignee_name, m.id as team_id, m.name as team_name, to_json(t.tags) as tags, t.category,
      t.preview, t.surface, t.last_message_at, t.unanswered_since, t.snoozed_until, t.created_at, t.version,
      (select n.id from ticket_names tn join named_statuses n on n.id = tn.named_id
        where tn.ticket_id = t.id and n.status = t.status) as named,
      exists (select from escalations e where e.ticket_id = t.id and e.state = 'open') as escalated,
      coalesce(look.failed, 0) as failed, coalesce(look.unknown, 0) as unknown, k.clock
    from tickets t
    join accounts a on a.id = t.account_id
    join contacts c on c.id = t.contact_id
    left join auth_user u on u.id = t.assignee_id
    left join teams m on m.id = t.team_id
    left join lateral (
      select handle from identities
      where contact_id = t.contact_id order by account_id = t.account_id desc, handle is null, id limit 1
    ) i on true
    left join lateral (
      select count(*) filter (where ${needsRescue})::int as failed, count(*) filter (where ${needsVerdict})::int as unknown
      from deliveries d where d.ticket_id = t.id and d.state in ('failed', 'unknown')
    ) look on true
    left join lateral (
      select json_build_object('kind', c.kind, 'dueAt', c.due_at, 'warnAt', c.warn_at) as clock from clocks c
      where c.ticket_id = t.id and c.state = 'running' and c.due_at is not null order by c.due_at, c.kind limit 1
    ) k on true
    where t.id = any(${`{${ids.join(',')}}`}::uuid[])`)
  const byId = new Map(rows.map((row) => [row.id, show(row)]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

function show(row: Row): Ticket {
  const time = (value: string) => new Date(value).toISOString()
  return {
    id: row.id,
    number: row.number,
    status: row.status,
    priority: row.priority,
    channel: row.channel,
    accountId: row.account_id,
    brandId: row.brand_id,
    contact: { id: row.contact_id, name: row.contact_name, handle: row.handle },
    assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? row.assignee_id },
    team: row.team_id === null ? null : { id: row.team_id, name: row.team_name ?? row.team_id },
    tags: row.tags,
    category: row.category,
    preview: row.preview,
    surface: row.surface,
    lastMessageAt: time(row.last_message_at),
    unansweredSince: row.unanswered_since && time(row.unanswered_since),
    snoozedUntil: row.snoozed_until && time(row.snoozed_until),
    createdAt: time(row.created_at),
    version: row.version,
    named: row.named,
    escalated: row.escalated,
    failed: row.failed,
    unknown: row.unknown,
    clock: row.clock && {
      kind: row.clock.kind,
      dueAt: time(row.clock.dueAt),
      warnAt: row.clock.warnAt && time(row.clock.warnAt),
    },
  }
}

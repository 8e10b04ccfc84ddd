/** What `GET /api/tickets` may ask for, as SQL over a ticket `t`. A closed list: no name of a column comes from outside. */
import { type SQL, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { cleanText } from '../channel/text.ts'
import type { TicketQuery } from '../wire.ts'
import { needsRescue, needsVerdict } from './attention.ts'
import { withBelow } from './categories.ts'
import { searchFor } from './search.ts'
import { shownText } from './shown-text.ts'
import { type Channels, closingMs, windowUntil } from './window.ts'

/** The brands a list is of: those the actor sees, and of these the ones asked for. A subquery with the column `id`. */
export function brandsOf(actor: Actor, query: TicketQuery): SQL {
  const seen =
    actor.brandIds === null
      ? sql`select id from brands`
      : sql`select id from unnest(${`{${actor.brandIds.join(',')}}`}::uuid[]) as seen(id)`
  return query.brand?.length ? sql`select id from (${seen}) as seen where id in ${query.brand}` : seen
}

/** Everything but brand, status and place, which choose the index. */
export function filtersOf(actor: Actor, query: TicketQuery, now: Date, channels: Channels = new Map()): SQL {
  const at = sql`${now.toISOString()}::timestamptz`
  const filters: (SQL | false | undefined)[] = [
    query.named?.length ? sql`t.id in (select ticket_id from ticket_names where named_id in ${query.named})` : false,
    query.escalated !== undefined && escalatedFilter(actor, query.escalated),
    query.priority?.length ? sql`t.priority in ${query.priority}` : false,
    query.assignee !== undefined && assigneeFilter(actor, query.assignee),
    query.team?.length ? teamFilter(actor, query.team) : false,
    query.channel?.length
      ? sql`t.account_id = any(array(select id from accounts where channel in ${query.channel.map(cleanText)}))`
      : false,
    query.language?.length ? languageFilter(query.language) : false,
    query.account?.length ? sql`t.account_id in ${query.account}` : false,
    query.tag !== undefined && sql`${cleanText(query.tag)} = any(t.tags)`,
    query.surface?.length ? sql`t.surface in ${query.surface}` : false,
    query.category?.length ? categoryFilter(query.category) : false,
    query.window === 'closing' &&
      sql`t.unanswered_since is not null and ${windowUntil(channels)} between ${at} and ${at} + ${closingMs} * interval '1 millisecond'`,
    // Those that went into another ticket are closed, and in no list.
    (!query.status?.length || query.status.includes('closed')) &&
      sql`(t.status <> 'closed' or not exists (select from ticket_stubs s where s.ticket_id = t.id))`,
    query.clock === 'breached' && sql`t.id in (${runningClocks} and c.due_at <= ${at})`,
    query.clock === 'soon' && sql`t.id in (${runningClocks} and c.warn_at <= ${at} and c.due_at > ${at})`,
    query.snoozed === 'true' && sql`t.snoozed_until > ${at}`,
    query.snoozed === 'false' && sql`(t.snoozed_until is null or t.snoozed_until <= ${at})`,
  ]
  return sql.join([sql`true`, ...filters.filter((filter) => filter !== false && filter !== undefined)], sql` and `)
}

/** `none` among them: those without one. */
function categoryFilter(categories: readonly string[]): SQL {
  const ids = categories.filter((id) => id !== 'none').map(cleanText)
  const without = categories.includes('none') ? sql`t.category is null` : sql`false`
  return ids.length === 0 ? without : sql`(${without} or t.category = any(array(${withBelow(ids)})))`
}

/** `und` among them: those of which nothing is known too. Asked of one ticket after the other, until the page is full. */
function languageFilter(languages: readonly string[]): SQL {
  const known = sql`select from ticket_languages l where l.ticket_id = t.id`
  const named = sql`exists (${known} and l.language in ${languages.map(cleanText)})`
  return languages.includes('und') ? sql`(${named} or not exists (${known}))` : named
}

function escalatedFilter(actor: Actor, to: NonNullable<TicketQuery['escalated']>): SQL {
  const whose =
    to === 'me'
      ? sql`(e.to_id = ${actor.id} or (e.to_id is null and e.team_id is null) or e.team_id = any(array(
          select team_id from team_members where user_id = ${actor.id})))`
      : sql`true`
  return sql`t.id in (select e.ticket_id from escalations e where e.state = 'open' and ${whose})`
}

/** Of every brand; which of them are meant, the list says. To be narrowed. */
const runningClocks = sql`select c.ticket_id from clocks c where c.state = 'running'`

function assigneeFilter(actor: Actor, assignee: string): SQL {
  if (assignee === 'none') return sql`t.assignee_id is null`
  return sql`t.assignee_id = ${assignee === 'me' ? actor.id : cleanText(assignee)}`
}

function teamFilter(actor: Actor, wanted: NonNullable<TicketQuery['team']>): SQL {
  const ids = wanted.filter((one) => one !== 'mine' && one !== 'none')
  const any = [
    ids.length > 0 && sql`t.team_id in ${ids}`,
    wanted.includes('mine') &&
      sql`t.team_id = any(array(select team_id from team_members where user_id = ${actor.id}))`,
    wanted.includes('none') && sql`t.team_id is null`,
  ]
  return sql`(${sql.join(
    any.filter((one) => one !== false),
    sql` or `,
  )})`
}

/** Tickets with such a delivery: a subquery with the column `id`, over all brands. */
export function withDelivery(state: NonNullable<TicketQuery['delivery']>): SQL {
  return sql`
    select t.id from deliveries d join tickets t on t.id = d.ticket_id
    where d.state = ${state} and ${state === 'failed' ? needsRescue : needsVerdict}`
}

export interface TextFilter {
  /** Every ticket that may be meant, over all brands: `id`, `messages` that may be why, and `named`: it is certain. */
  readonly candidates: SQL
  /** Is the candidate `t` really meant? Asked of one after the other, until the page is full. */
  readonly holds: SQL
}

/** `q`: in a message's shown text, the contact's name or handle, or the ticket's number. Null: nothing to look for. */
export function textFilter(q: string): TextFilter | null {
  const search = searchFor(q)
  if (!search) return null
  const handle = searchFor(q.trim().replace(/^@/u, '')) ?? search
  const number = /^#?(\d{1,15})$/u.exec(q.normalize('NFKC').trim())?.[1]
  return {
    candidates: sql`
      select id, array_agg(message) as messages, bool_or(message is null) as named from (
        select m.ticket_id as id, m.id as message from messages m where ${search.matches(sql`m.search`)} and m.ticket_id is not null
        union all
        select t.id, null from tickets t where t.contact_id in (
          select id from contacts c where ${search.isName(sql`c.name`)}
          union select contact_id from identities i where ${handle.isName(handleAndName)}
        )
        ${number ? sql`union all select id, null from tickets where number = ${number}::bigint` : sql``}
      ) hits group by id`,
    // A scalar subquery with a limit stays one; an `exists` would be turned round and read every candidate's text.
    holds: sql`(t.named or (
      select true from messages m where m.id = any(t.messages) and ${search.contains(shownText)} limit 1
    ))`,
  }
}

/** As the index `identities_name` has it. */
const handleAndName = sql`(i.name || ' ' || coalesce(i.handle, ''))`

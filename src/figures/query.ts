/** What the figures are counted from, as SQL. Every query is grouped at once by all that the page shows. */
import { type SQL, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { cleanText } from '../channel/text.ts'
import { brandsOf } from '../mentions/filter.ts'

export type Step = 'hour' | 'day' | 'week'

export interface Scope {
  readonly actor: Actor
  readonly from: Date
  readonly to: Date
  readonly zone: string
  readonly step: Step
  readonly brand: readonly string[] | undefined
  readonly channel: readonly string[] | undefined
}

/** Masks of `grouping(…)` below: a bit is set where the column is not grouped by. */
const columns = ['bucket', 'channel', 'brand_id', 'category', 'agent', 'hour'] as const
export type Column = (typeof columns)[number]
export const columnOf = (mask: number): Column | null =>
  columns.find((_, index) => (~mask & (1 << (columns.length - 1 - index))) !== 0) ?? null

/** A row for the whole, one for each value of each column. */
const grouped = sql.raw(`group by grouping sets ((), ${columns.map((name) => `(${name})`).join(', ')})`)
const keys = sql.raw(`grouping(${columns.join(', ')})::int as mask, ${columns.join(', ')}`)

const time = (value: Date) => sql`${value.toISOString()}::timestamptz`
const bucketOf = (at: SQL, { step, zone }: Scope) => sql`date_trunc(${step}, ${at}, ${zone})`
const hourOf = (at: SQL, { zone }: Scope) => sql`extract(hour from ${at} at time zone ${zone})::int`
const within = (at: SQL, { from, to }: Scope) => sql`${at} >= ${time(from)} and ${at} < ${time(to)}`
const milliseconds = (span: SQL) => sql`(extract(epoch from ${span}) * 1000)::float8`
const spread = (value: SQL) =>
  sql`percentile_cont(array[0.5, 0.9]) within group (order by ${value})::float8[] as spread`

export const isFinished = (status: SQL) => sql`${status} in ('resolved', 'closed')`

/** Of a ticket `t` and its account `a`. */
const inScope = ({ actor, brand, channel }: Scope) => sql`
  t.brand_id = any(array(${brandsOf(actor, brand)}))
  ${channel ? sql`and a.channel in ${channel.map(cleanText)}` : sql``}`

/** A message `m` a person wrote to the customer, and that left or still may: what `readUnansweredSince` calls an answer. */
export const isAnswer = sql`
  m.direction = 'outbound' and not m.automatic and m.deleted_at is null and (
    not exists (select from deliveries d where d.message_id = m.id)
    or exists (
      select from deliveries d where d.message_id = m.id and d.state not in ('failed', 'cancelled')
        and not (d.by_hand and d.state = 'queued')
    )
  )`

/** Tickets that came in, by whom they are with. */
export function openedQuery(scope: Scope): SQL {
  return sql`
    select ${keys}, count(*)::int as count from (
      select ${bucketOf(sql`t.created_at`, scope)} as bucket, a.channel, t.brand_id, t.category, t.assignee_id as agent,
        ${hourOf(sql`t.created_at`, scope)} as hour
      from tickets t join accounts a on a.id = t.account_id
      where ${inScope(scope)} and ${within(sql`t.created_at`, scope)}
    ) f ${grouped}`
}

/** Of the same tickets the first answer, by who gave it. */
export function firstAnswerQuery(scope: Scope): SQL {
  return sql`
    select ${keys}, count(*) filter (where answered is null and asked is not null)::int as unanswered,
      count(answered)::int as count, ${spread(milliseconds(sql`answered - asked`))} from (
      select ${bucketOf(sql`t.created_at`, scope)} as bucket, a.channel, t.brand_id, t.category,
        coalesce(answer.user_id, case when answer.at is null then t.assignee_id end) as agent,
        ${hourOf(sql`t.created_at`, scope)} as hour, question.at as asked, answer.at as answered
      from tickets t join accounts a on a.id = t.account_id
      left join lateral (
        select m.ordered_at as at from messages m where m.ticket_id = t.id and m.direction = 'inbound'
        order by m.ordered_at limit 1
      ) question on true
      left join lateral (
        select m.ordered_at as at, m.user_id from messages m
        where m.ticket_id = t.id and m.ordered_at >= question.at and ${isAnswer}
        order by m.ordered_at, coalesce(m.sequence, ''), m.id limit 1
      ) answer on true
      where ${inScope(scope)} and ${within(sql`t.created_at`, scope)}
    ) f ${grouped}`
}

/** Answers, by who wrote them. A ticket's last message is never older than one of its answers, so old tickets are left out. */
export function answersQuery(scope: Scope): SQL {
  return sql`
    select ${keys}, count(*)::int as count from (
      select ${bucketOf(sql`m.ordered_at`, scope)} as bucket, a.channel, t.brand_id, t.category, m.user_id as agent,
        ${hourOf(sql`m.ordered_at`, scope)} as hour
      from tickets t join accounts a on a.id = t.account_id join messages m on m.ticket_id = t.id
      where ${inScope(scope)} and t.last_message_at >= ${time(scope.from)} and ${within(sql`m.ordered_at`, scope)}
        and ${isAnswer}
    ) f ${grouped}`
}

/** Changes between finished and not, of which the ones in the range count; `c` is the change. */
const moves = (scope: Scope, which: SQL, pick: SQL, order: SQL) => sql`
  select ${pick} ${bucketOf(sql`c.at`, scope)} as bucket, a.channel, t.brand_id, t.category, c.assignee_id as agent,
    ${hourOf(sql`c.at`, scope)} as hour, ${milliseconds(sql`greatest(c.at - t.created_at, interval '0')`)} as span
  from ticket_changes c join tickets t on t.id = c.ticket_id join accounts a on a.id = t.account_id
  where c.brand_id = any(array(${brandsOf(scope.actor, scope.brand)})) and c.from_status <> c.status
    and ${inScope(scope)} and ${within(sql`c.at`, scope)} and ${which} ${order}`

const finishes = sql`${isFinished(sql`c.status`)} and not ${isFinished(sql`c.from_status`)}`
const reopens = sql`${isFinished(sql`c.from_status`)} and not ${isFinished(sql`c.status`)}`

/** Tickets finished, each at the last time, by whom they were with then. */
export function resolvedQuery(scope: Scope): SQL {
  const last = moves(scope, finishes, sql`distinct on (c.ticket_id)`, sql`order by c.ticket_id, c.at desc, c.id desc`)
  return sql`select ${keys}, count(*)::int as count, ${spread(sql`span`)} from (${last}) f ${grouped}`
}

export function reopenedQuery(scope: Scope): SQL {
  return sql`select ${keys}, count(*)::int as count from (${moves(scope, reopens, sql``, sql``)}) f ${grouped}`
}

/** How many are neither resolved nor closed now. */
export function openNowQuery(scope: Scope): SQL {
  return sql`
    select ${keys}, count(*)::int as count from (
      select null::timestamptz as bucket, a.channel, t.brand_id, t.category, t.assignee_id as agent, null::int as hour
      from tickets t join accounts a on a.id = t.account_id
      where ${inScope(scope)} and t.status in ('new', 'open', 'waiting_customer', 'waiting_other')
    ) f ${grouped}`
}

/**
 * What has been added to the backlog since `from`: a ticket that comes in one, a ticket that is finished one less. From how
 * many are open now, back to how many were then. What lies behind the range has no bucket.
 */
export function backlogQuery(scope: Scope): SQL {
  const since = time(scope.from)
  const behind = (at: SQL) =>
    sql`case when ${at} < ${time(scope.to)} then ${bucketOf(at, scope)} end as bucket, ${at} >= ${time(scope.to)} as later`
  return sql`
    select bucket, later, channel, brand_id, category, agent, sum(step)::int as count from (
      select ${behind(sql`t.created_at`)}, a.channel, t.brand_id, t.category, t.assignee_id as agent, 1 as step
      from tickets t join accounts a on a.id = t.account_id where ${inScope(scope)} and t.created_at >= ${since}
      union all
      select ${behind(sql`c.at`)}, a.channel, t.brand_id, t.category, t.assignee_id as agent,
        case when ${isFinished(sql`c.status`)} then -1 else 1 end as step
      from ticket_changes c join tickets t on t.id = c.ticket_id join accounts a on a.id = t.account_id
      where c.brand_id = any(array(${brandsOf(scope.actor, scope.brand)})) and c.from_status <> c.status
        and ${inScope(scope)} and c.at >= ${since} and ${isFinished(sql`c.status`)} <> ${isFinished(sql`c.from_status`)}
    ) f group by 1, 2, 3, 4, 5, 6`
}

export const ticketsOf = sql.raw('join accounts a on a.id = t.account_id')

/** How many there are of something, and their average. `from` ends where the scope of its tickets `t` is asked for. */
export function counted(scope: Scope, at: SQL, agent: SQL, value: SQL, from: SQL): SQL {
  return sql`
    select ${keys}, count(*)::int as count, avg(value)::float8 as mean from (
      select ${bucketOf(at, scope)} as bucket, a.channel, t.brand_id, t.category, ${agent} as agent, null::int as hour, ${value}
      ${from} ${inScope(scope)} and ${within(at, scope)}
    ) f ${grouped}`
}

/** Reviews made, by whose answer it was. */
export function qualityQuery(scope: Scope): SQL {
  return counted(
    scope,
    sql`r.created_at`,
    sql`s.user_id`,
    sql`r.score as value`,
    sql`from quality_reviews r join quality_samples s on s.message_id = r.message_id join tickets t on t.id = s.ticket_id
      ${ticketsOf} where`,
  )
}

/** The starts of the range's steps, in the zone: a day that is changed by daylight saving is one day. */
export function bucketsQuery({ from, to, step, zone }: Scope): SQL {
  return sql`
    select bucket from generate_series(
      date_trunc(${step}, ${time(from)}, ${zone}), ${time(to)} - interval '1 microsecond', ${`1 ${step}`}::interval, ${zone}
    ) as bucket`
}

/** What goes along with messages that move to another ticket, written down so that it can go back. */
import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'

/**
 * Tables whose rows belong to a ticket and go where its messages go. A new table is one line here. `message`: the column
 * that names a message; rows without one go along only when the whole ticket does.
 */
export const followers: readonly Follower[] = [
  { table: 'tasks', key: 'id', message: 'message_id' },
  { table: 'mentions', key: 'message_id', message: 'message_id' },
  { table: 'answers', key: 'id', message: 'message_id' },
  { table: 'questions', key: 'id', message: null },
  { table: 'approvals', key: 'id', message: null },
  { table: 'remedies', key: 'id', message: null },
  { table: 'ticket_results', key: 'id', message: null },
  { table: 'ticket_acts', key: 'id', message: null },
  // What is open of both stays with each: a ticket is escalated once, and its supervisors see the one that goes on.
  { table: 'escalations', key: 'id', message: null, once: { column: 'state', value: 'open' } },
  { table: 'incident_tickets', key: 'incident_id', message: null, once: {} },
]

interface Follower {
  readonly table: string
  readonly key: string
  /** Null: it is of the whole ticket, and goes with the whole of it. */
  readonly message: string | null
  /** A ticket has one at most, of those with this value: a second one stays where it is. */
  readonly once?: { readonly column?: string; readonly value?: string }
}

export interface Carriage {
  readonly moveId: string
  readonly from: string
  readonly into: string
  /** Of `into`, with the messages in it. */
  readonly version: number
  /** Null: every message; else these. */
  readonly messageIds: readonly string[] | null
  readonly threadIds: readonly string[]
}

const uuids = (ids: readonly string[]) => sql`${`{${ids.join(',')}}`}::uuid[]`
const name = (text: string) => sql.raw(`"${text}"`)

const fits = (table: string, { column, value }: NonNullable<Follower['once']>, into: string) =>
  column === undefined
    ? sql`not exists (select from ${name(table)} o where o.ticket_id = ${into})`
    : sql`(f.${name(column)} <> ${value} or not exists (
        select from ${name(table)} o where o.ticket_id = ${into} and o.${name(column)} = ${value}))`

/** Moves and writes down. The caller holds the locks. */
export async function carry(tx: Tx, carriage: Carriage): Promise<void> {
  const { moveId, from, into, version, messageIds, threadIds } = carriage
  const among = (column: SQL) => (messageIds === null ? sql`true` : sql`${column} = any(${uuids(messageIds)})`)
  await tx.execute(sql`
    with taken as (
      select id, ticket_version from messages where ticket_id = ${from} and ${among(sql`id`)}
    ), noted as (
      insert into ticket_move_items (move_id, kind, row_id, detail)
      select ${moveId}, 'message', id, to_jsonb(ticket_version) from taken
    )
    update messages m set ticket_id = ${into}, ticket_version = ${version} from taken where m.id = taken.id`)
  await tx.execute(sql`
    update deliveries set ticket_id = ${into} where ticket_id = ${from} and ${among(sql`message_id`)}`)
  await tx.execute(sql`
    with noted as (
      insert into ticket_move_items (move_id, kind, row_id) select ${moveId}, 'thread', unnest(${uuids(threadIds)})
    )
    update threads set current_ticket_id = ${into} where id = any(${uuids(threadIds)})`)
  for (const { table, key, message, once } of followers) {
    if (messageIds !== null && message === null) continue
    await tx.execute(sql`
      with moved as (
        update ${name(table)} f set ticket_id = ${into}
        where ticket_id = ${from} and ${message === null ? sql`true` : among(name(message))}
          and ${once ? fits(table, once, into) : sql`true`} returning ${name(key)} as id
      )
      insert into ticket_move_items (move_id, kind, row_id) select ${moveId}, ${table}, id from moved`)
  }
  await carryScheduled(tx, carriage)
}

/** Replies that wait for their time: what stood in the other ticket then was not unseen, it was elsewhere. */
async function carryScheduled(tx: Tx, { moveId, from, into, version, messageIds }: Carriage): Promise<void> {
  const along =
    messageIds === null ? sql`true` : sql`(body ->> 'inReplyTo') = any(${`{${messageIds.join(',')}}`}::text[])`
  await tx.execute(sql`
    with taken as (
      select id, body -> 'seenVersion' as seen from drafts where ticket_id = ${from} and send_at is not null and ${along}
    ), noted as (
      insert into ticket_move_items (move_id, kind, row_id, detail) select ${moveId}, 'drafts', id, seen from taken
    )
    update drafts d set ticket_id = ${into}, body = jsonb_set(d.body, '{seenVersion}', to_jsonb(${version}::int))
    from taken where d.id = taken.id`)
}

/**
 * What people are writing: one who writes in both has both texts in one draft, and the first one still lies behind it.
 * Undoing a division takes all of it back.
 */
export async function carryDrafts(tx: Tx, moveId: string, from: string, into: string): Promise<void> {
  await tx.execute(sql`
    with moved as (
      update drafts d set ticket_id = ${into}
      where d.ticket_id = ${from} and d.send_at is null and not exists (
        select from drafts o where o.ticket_id = ${into} and o.user_id = d.user_id and o.send_at is null
      ) returning d.id
    )
    insert into ticket_move_items (move_id, kind, row_id) select ${moveId}, 'draft', id from moved
    on conflict do nothing`)
  await tx.execute(sql`
    with pairs as (
      select o.id, o.body, o.revision + 1 as revision, d.body ->> 'text' as words
      from drafts d join drafts o on o.ticket_id = ${into} and o.user_id = d.user_id and o.send_at is null
      where d.ticket_id = ${from} and d.send_at is null and coalesce(d.body ->> 'text', '') <> ''
    ), noted as (
      insert into ticket_move_items (move_id, kind, row_id, detail)
      select ${moveId}, 'draft joined', id, jsonb_build_object('body', body, 'revision', revision) from pairs
      on conflict do nothing
    )
    update drafts o set revision = pairs.revision,
      body = jsonb_set(o.body, '{text}', to_jsonb(concat_ws(E'\\n\\n', nullif(o.body ->> 'text', ''), pairs.words)))
    from pairs where o.id = pairs.id`)
}

/**
 * Takes back what is written down, and what came since. `back` is where it goes, `version` that of it with the messages
 * that came since; `later` are those. The caller holds the locks.
 */
export async function carryBack(
  tx: Tx,
  {
    moveId,
    here,
    back,
    version,
    later,
  }: { moveId: string; here: string; back: string; version: number; later: readonly string[] },
): Promise<void> {
  const noted = (kind: string) =>
    sql`select row_id, detail from ticket_move_items where move_id = ${moveId} and kind = ${kind}`
  await tx.execute(sql`
    update messages m set ticket_id = ${back}, ticket_version = (n.detail #>> '{}')::int from (${noted('message')}) n
    where m.id = n.row_id and m.ticket_id = ${here}`)
  await tx.execute(sql`
    update messages set ticket_id = ${back}, ticket_version = ${version} where id = any(${uuids(later)})`)
  await tx.execute(sql`
    update deliveries d set ticket_id = ${back} from messages m
    where m.id = d.message_id and m.ticket_id = ${back} and d.ticket_id = ${here}`)
  for (const { table, key, message } of followers) {
    const came = message === null ? sql`false` : sql`t.${name(message)} = any(${uuids(later)})`
    await tx.execute(sql`
      update ${name(table)} t set ticket_id = ${back}
      where t.ticket_id = ${here} and (${came} or t.${name(key)} in (select row_id from (${noted(table)}) n))`)
  }
  await tx.execute(sql`
    update drafts d set ticket_id = ${back},
      body = case when n.detail is null then d.body - 'seenVersion' else jsonb_set(d.body, '{seenVersion}', n.detail) end
    from (${noted('drafts')}) n where d.id = n.row_id and d.ticket_id = ${here}`)
  await tx.execute(sql`
    update drafts set ticket_id = ${back}, body = jsonb_set(body, '{seenVersion}', to_jsonb(${version}::int))
    where ticket_id = ${here} and send_at is not null and (body ->> 'inReplyTo') in (
      select id::text from messages where ticket_id = ${back}
    )`)
  await tx.execute(sql`
    update drafts d set ticket_id = ${back} from (${noted('draft')}) n
    where d.id = n.row_id and d.ticket_id = ${here} and not exists (
      select from drafts o where o.ticket_id = ${back} and o.user_id = d.user_id and o.send_at is null
    )`)
  await tx.execute(sql`
    update drafts d set body = n.detail -> 'body', revision = d.revision + 1 from (${noted('draft joined')}) n
    where d.id = n.row_id and d.revision = (n.detail ->> 'revision')::int`)
}

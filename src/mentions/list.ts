import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Actor } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { Micros, microsOf, readCursor, timeOf, writeCursor } from '../tickets/cursor.ts'
import { hitsOf } from '../tickets/hits.ts'
import { readMessages } from '../tickets/messages.ts'
import type { Mention, MentionPage, MentionQuery } from '../wire-mentions.ts'
import { brandsOf, filtersOf, wordsOf } from './filter.ts'

interface Found {
  [column: string]: unknown
  id: string
  micros: number
  brand_id: string
  account_id: string
  channel: string
  language: string
  handle: string | null
  ticket_id: string | null
  dismissed: boolean
}

const Place = z.tuple([Micros, z.uuid()])

/** Newest first. Throws 400 `bad_cursor`. */
export async function listMentions(db: Db, actor: Actor, query: MentionQuery): Promise<MentionPage> {
  const after = query.after === undefined ? null : readCursor(query.after, Place)
  const rows = await db.execute<Found>(pageQuery(actor, query, after))
  const shown = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? shown.at(-1) : undefined
  return {
    mentions: await show(db, shown, query.q ?? ''),
    next: last ? writeCursor([last.micros, last.id]) : null,
  }
}

/** Exported for the test that asks the database how it would run it. */
export function pageQuery(actor: Actor, query: MentionQuery, after: z.infer<typeof Place> | null): SQL {
  const words = wordsOf(query.q)
  const past = after ? sql`and (n.at, n.message_id) < (${timeOf(after[0])}, ${after[1]}::uuid)` : sql``
  const conditions = sql`${filtersOf(query)} ${past}`
  // As the indexes have it.
  const order = sql`order by at desc nulls last, message_id desc nulls last`
  const limit = query.limit + 1
  // Each brand is one range of an index that is in order already: read `limit` of each, then merge.
  const page = words
    ? sql`
      select n.* from (
        select n.* from mentions n join (${words.candidates}) hit on hit.id = n.message_id
        where n.brand_id = any(array(${brandsOf(actor, query.brand)})) and ${conditions} ${order} offset 0
      ) n join messages m on m.id = n.message_id where ${words.holds} order by n.at desc, n.message_id desc limit ${limit}`
    : sql`
      select n.* from (${brandsOf(actor, query.brand)}) as brand cross join lateral (
        select n.* from mentions n where n.brand_id = brand.id and ${conditions} ${order} limit ${limit}
      ) n ${order} limit ${limit}`
  return sql`
    select n.message_id as id, ${microsOf(sql`n.at`)} as micros, n.brand_id, n.account_id, a.channel, n.language, i.handle,
      n.ticket_id, n.dismissed_at is not null as dismissed
    from (${page}) n join messages m on m.id = n.message_id join accounts a on a.id = n.account_id
    left join identities i on i.id = m.identity_id
    order by n.at desc, n.message_id desc`
}

async function show(db: Db, rows: readonly Found[], q: string): Promise<Mention[]> {
  const messages = await readMessages(
    db,
    rows.map(({ id }) => id),
  )
  const byId = new Map(messages.map((message) => [message.id, message]))
  return rows.flatMap((row) => {
    const message = byId.get(row.id)
    if (!message) return []
    return {
      id: row.id,
      state: row.ticket_id !== null ? 'ticket' : row.dismissed ? 'dismissed' : 'open',
      brandId: row.brand_id,
      accountId: row.account_id,
      channel: row.channel,
      language: row.language,
      ticketId: row.ticket_id,
      handle: row.handle,
      message,
      hits: hitsOf(message.text, q).map(([from, to]): [number, number] => [from, to]),
    }
  })
}

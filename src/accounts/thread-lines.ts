/** A thread as its customer may see it. For channels whose platform is us (web chat). */
import { setTimeout as pause } from 'node:timers/promises'
import type { ThreadLine, Tools } from '../channel/tools.ts'
import type { Sql } from '../db/client.ts'

export interface ThreadLinesOptions {
  readonly sql: Sql
  readonly accountId: string
  /** How often `watch` looks. Default 500 ms. */
  readonly everyMs?: number
}

/** Lines may be committed a little out of the order of their times: `watch` looks back this far, and knows what it gave. */
const overlapMs = 30_000
const maxLines = 500

type Row = { id: string; direction: 'inbound' | 'outbound'; text: string; at: Date; authorName: string }

/**
 * `threadId` is the platform's id of the thread. Inbound lines are messages; outbound lines are deliveries, from the
 * moment they are settled as sent: what is queued may still be undone. Ids are ours, and are what `after` takes.
 */
export function threadLines(options: ThreadLinesOptions, threadId: string): ReturnType<Tools['thread']> {
  const { sql, accountId, everyMs = 500 } = options

  const lines = sql`
    with t as (select id from threads where account_id = ${accountId} and external_id = ${threadId}),
    shown as (
      select m.id, 'inbound' as direction, m.received_at as at, m.author_name,
        coalesce((select r.text from message_revisions r where r.message_id = m.id
                  order by r.edited_at desc, r.received_at desc limit 1), m.text, '') as text
      from messages m join t on m.thread_id = t.id
      where m.direction = 'inbound' and m.deleted_at is null
      union all
      select d.id, 'outbound', d.settled_at, m.author_name, d.text
      from deliveries d join t on d.thread_id = t.id join messages m on m.id = d.message_id
      where d.state in ('sent', 'delivered', 'read') and d.settled_at is not null and m.deleted_at is null
    )`

  /** After the line `after`; from the beginning when there is no such line (any more). */
  const following = (after: string | null) => sql<Row[]>`
    ${lines}, start as (select at, id from shown where id = ${after}::uuid)
    select id, direction, text, at, author_name as "authorName" from shown
    where not exists (select from start) or (at, id) > (select at, id from start)
    order by at, id limit ${maxLines}`

  /** The same and what was there up to 30 s before it. */
  const around = (after: string | null) => sql<Row[]>`
    ${lines}, start as (select at from shown where id = ${after}::uuid)
    select id, direction, text, at, author_name as "authorName" from shown
    where not exists (select from start) or at >= (select at from start) - ${overlapMs} * interval '1 millisecond'
    order by at, id limit ${maxLines}`

  return {
    async read(after) {
      return (await following(uuidOrNull(after))).map(toLine)
    },
    async *watch(after, signal) {
      let last = uuidOrNull(after)
      const given = new Set<string>()
      if (last !== null) {
        // What stands before the beginning is known; only what is committed from now on with an earlier time is not.
        const fresh = new Set((await following(last)).map(({ id }) => id))
        for (const { id } of await around(last)) if (!fresh.has(id)) given.add(id)
      }
      while (!signal.aborted) {
        for (const row of await around(last)) {
          if (given.has(row.id)) continue
          given.add(row.id)
          last = row.id
          yield toLine(row)
          if (signal.aborted) return
        }
        await pause(everyMs, undefined, { signal }).catch(() => {})
      }
    },
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu

/** `after` comes from a visitor's browser: anything may stand in it. */
const uuidOrNull = (id: string | null): string | null => (id !== null && uuid.test(id) ? id : null)

const toLine = ({ id, direction, text, at, authorName }: Row): ThreadLine => ({
  id,
  direction,
  message: { text, sentAt: at },
  authorName,
})

/** A thread as its customer may see it. For channels whose platform is us (web chat). */
import type { LineMedia, ThreadLine, ThreadReader } from '../channel/tools.ts'
import type { Sql } from '../db/client.ts'
import { createAlarm } from './alarm.ts'
import type { ThreadChanges } from './thread-changes.ts'
import { type ThreadFiles, threadFile } from './thread-file.ts'

export interface ThreadLinesOptions {
  readonly sql: Sql
  readonly accountId: string
  readonly files: ThreadFiles
  /** Left out: `watch` looks for itself. */
  readonly changes?: ThreadChanges | undefined
  /** How often `watch` looks, whatever `changes` says. Default 20 s with it, 500 ms without. */
  readonly everyMs?: number
}

/** Lines may be committed a little out of the order of their times: `watch` looks back this far, and knows what it gave. */
const overlapMs = 30_000
const maxLines = 500

interface Row {
  readonly id: string
  readonly direction: 'inbound' | 'outbound'
  readonly externalId: string | null
  readonly text: string
  /** A number: the pool that drizzle shares gives times as text. */
  readonly atMs: number
  readonly authorName: string
  readonly media: readonly LineMedia[]
}

/**
 * `threadId` is the platform's id of the thread. Inbound lines are messages; outbound lines are deliveries, from the
 * moment they are settled as sent: what is queued may still be undone. Ids are ours, and are what `after` takes.
 *
 * A thread's messages are found by the person's tickets: messages have no index by thread, which every message of every
 * channel would pay for.
 */
export function threadLines(options: ThreadLinesOptions, threadId: string): ThreadReader {
  const { sql, accountId, changes } = options
  const { everyMs = changes ? 20_000 : 500 } = options

  const lines = sql`
    with t as materialized (
      select id, identity_id, current_ticket_id from threads where account_id = ${accountId} and external_id = ${threadId}
    ), k as materialized (
      select current_ticket_id as id from t where current_ticket_id is not null
      union select k.id from t join identities i on i.id = t.identity_id join tickets k on k.contact_id = i.contact_id
    ), shown as (
      select m.id, 'inbound' as direction, m.external_id as external_id, m.received_at as at, m.author_name,
        coalesce((select r.text from message_revisions r where r.message_id = m.id
                  order by r.edited_at desc, r.received_at desc limit 1), m.text, '') as text,
        m.id as message_id, null::uuid[] as media_ids
      from k join messages m on m.ticket_id = k.id join t on m.thread_id = t.id
      where m.direction = 'inbound' and m.deleted_at is null
      union all
      select d.id, 'outbound', null, d.settled_at, m.author_name, d.text, null, d.media_ids
      from t join deliveries d on d.thread_id = t.id join messages m on m.id = d.message_id
      where d.state in ('sent', 'delivered', 'read') and d.settled_at is not null and m.deleted_at is null
    )`
  const columns = sql`
    l.id, l.direction, l.external_id as "externalId", l.text, l.author_name as "authorName",
    extract(epoch from l.at)::float8 * 1000 as "atMs", (
      select coalesce(json_agg(json_build_object('id', f.id, 'kind', f.kind, 'name', f.name, 'mimeType', f.mime_type,
        'bytes', f.bytes, 'width', f.width, 'height', f.height) order by array_position(l.media_ids, f.id), f.position), '[]')
      from media f where f.message_id = l.message_id or f.id = any(l.media_ids)) as media`

  /** After the line `after`; from the beginning when there is no such line (any more). */
  const following = (after: string | null) => sql<Row[]>`
    ${lines}, start as (select at, id from shown where id = ${after}::uuid),
    l as (select * from shown
          where not exists (select from start) or (at, id) > (select at, id from start) order by at, id limit ${maxLines})
    select ${columns} from l order by l.at, l.id`

  /** The same and what was there up to 30 s before it. */
  const around = (after: string | null) => sql<Row[]>`
    ${lines}, start as (select at from shown where id = ${after}::uuid),
    l as (select * from shown
          where not exists (select from start) or at >= (select at from start) - ${overlapMs} * interval '1 millisecond'
          order by at, id limit ${maxLines})
    select ${columns} from l order by l.at, l.id`

  const newest = (count: number) => sql<Row[]>`
    ${lines}, l as (select * from shown order by at desc, id desc limit ${Math.min(count, maxLines)})
    select ${columns} from l order by l.at, l.id`

  return {
    async read(after) {
      return (await following(uuidOrNull(after))).map(toLine)
    },
    async last(count) {
      return (await newest(count)).map(toLine)
    },
    async *watch(after, signal) {
      const alarm = createAlarm()
      // Before the first look: what comes during it rings as well.
      const unwatch = changes?.watch(accountId, threadId, alarm.ring)
      try {
        let last = uuidOrNull(after)
        const given = new Set<string>()
        if (last !== null) {
          // What stands before the beginning is known; only what is committed from now on with an earlier time is not.
          const fresh = new Set((await following(last)).map(({ id }) => id))
          for (const { id } of await around(last)) if (!fresh.has(id)) given.add(id)
        }
        while (!signal.aborted) {
          const rows = await around(last)
          for (const row of rows) {
            if (given.has(row.id)) continue
            given.add(row.id)
            last = row.id
            yield toLine(row)
            if (signal.aborted) return
          }
          if (rows.length < maxLines) await alarm.wait(everyMs, signal)
        }
      } finally {
        unwatch?.()
      }
    },
    file: async (id) => (uuid.test(id) ? threadFile(options, threadId, id) : null),
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu

/** `after` comes from a visitor's browser: anything may stand in it. */
const uuidOrNull = (id: string | null): string | null => (id !== null && uuid.test(id) ? id : null)

const toLine = ({ id, direction, externalId, text, atMs, authorName, media }: Row): ThreadLine => ({
  id,
  direction,
  externalId,
  message: { text, sentAt: new Date(atMs) },
  authorName,
  media,
})

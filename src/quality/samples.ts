/** Drawn answers: to be reviewed, reviewed by oneself, and, for an agent, one's own with what was said of them. */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Actor, inScope, mayActAs } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { forbidden } from '../problem.ts'
import { readCursor, writeCursor } from '../tickets/cursor.ts'
import { shownText } from '../tickets/shown-text.ts'
import type { Criterion, Mark, Review, Sample, SamplePage, SampleQuery } from '../wire-quality.ts'

interface Row {
  [column: string]: unknown
  message_id: string
  ticket_id: string
  number: number
  brand_id: string
  channel: string
  user_id: string
  user_name: string
  answered_at: string
  week: string
  text: string
  before: { text: string; author: string; at: string }[]
  reviews: {
    id: string
    reviewer_id: string
    reviewer_name: string
    version: number
    criteria: Criterion[]
    per_agent: number
    marks: Mark[]
    score: number
    comment: string
    created_at: string
  }[]
}

const Place = z.tuple([z.iso.datetime({ offset: true }), z.uuid()])
const contextLines = 3

/** The newest week first. Throws 400 `bad_cursor`, and 403 where an agent asks for others' answers. */
export async function listSamples(db: Db, actor: Actor, query: SampleQuery): Promise<SamplePage> {
  const reviews = mayActAs(actor, 'supervisor')
  const wanted = query.show ?? (reviews ? 'todo' : 'mine')
  if (wanted !== 'mine' && !reviews) throw forbidden()
  const after = query.after === undefined ? null : readCursor(query.after, Place)
  const own = sql`exists (select from quality_reviews r where r.message_id = s.message_id and r.reviewer_id = ${actor.id})`
  const shows = {
    // Nobody judges themselves.
    todo: sql`not ${own} and s.user_id <> ${actor.id}`,
    done: own,
    mine: sql`s.user_id = ${actor.id} and exists (select from quality_reviews r where r.message_id = s.message_id)`,
  }
  // Who else reviewed an answer, and what they said, is not shown to who reviews it: they would follow it.
  const visible = wanted === 'mine' ? sql`true` : sql`r.reviewer_id = ${actor.id}`
  const rows = await db.execute<Row>(sql`
    select s.message_id, s.ticket_id, t.number::float8 as number, s.brand_id, a.channel, s.user_id,
      coalesce(u.name, m.author_name) as user_name, s.answered_at, s.week, ${shownText} as text,
      coalesce((
        select json_agg(json_build_object('text', l.text, 'author', l.author_name, 'at', l.ordered_at) order by l.ordered_at)
        from (
          select q.text, q.author_name, q.ordered_at from messages q
          where q.ticket_id = s.ticket_id and q.direction = 'inbound' and q.deleted_at is null and q.ordered_at <= m.ordered_at
          order by q.ordered_at desc, q.id desc limit ${contextLines}
        ) l
      ), '[]') as before,
      coalesce((
        select json_agg(json_build_object(
          'id', r.id, 'reviewer_id', r.reviewer_id, 'reviewer_name', r.reviewer_name, 'version', h.version,
          'criteria', h.criteria, 'per_agent', h.per_agent, 'marks', r.marks, 'score', r.score, 'comment', r.comment,
          'created_at', r.created_at) order by r.created_at)
        from quality_reviews r join score_sheets h on h.version = r.sheet_version
        where r.message_id = s.message_id and ${visible}
      ), '[]') as reviews
    from quality_samples s join messages m on m.id = s.message_id join tickets t on t.id = s.ticket_id
    join accounts a on a.id = t.account_id left join auth_user u on u.id = s.user_id
    where ${inScope(actor, sql`s.brand_id`)} and ${shows[wanted]}
      ${query.agent ? sql`and s.user_id = ${query.agent}` : sql``}
      ${after ? sql`and (s.week, s.message_id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
    order by s.week desc, s.message_id desc limit ${query.limit + 1}`)
  const samples = rows.slice(0, query.limit).map((row) => show(row, actor))
  const last = rows.length > query.limit ? samples.at(-1) : undefined
  return { samples, next: last ? writeCursor([last.week, last.messageId]) : null }
}

const iso = (value: string) => new Date(value).toISOString()

function show(row: Row, actor: Actor): Sample {
  return {
    messageId: row.message_id,
    ticketId: row.ticket_id,
    number: row.number,
    brandId: row.brand_id,
    channel: row.channel,
    agent: { id: row.user_id, name: row.user_name },
    answeredAt: iso(row.answered_at),
    week: iso(row.week),
    before: row.before.map(({ text, author, at }) => ({ text: text ?? '', author, at: iso(at) })),
    text: row.text,
    reviews: row.reviews.map(
      (one): Review => ({
        id: one.id,
        reviewer: one.reviewer_id === actor.id ? { id: one.reviewer_id, name: one.reviewer_name } : null,
        sheet: { version: one.version, criteria: one.criteria, perAgent: one.per_agent },
        marks: one.marks,
        score: one.score,
        comment: one.comment,
        createdAt: iso(one.created_at),
      }),
    ),
  }
}

/** A message and its ticket as rules see them. */
import { type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/client.ts'
import type { Priority } from '../db/schema.ts'
import { factsIn } from '../facts/read-text.ts'
import { languageOf } from '../mentions/language.ts'
import { shownText } from '../tickets/shown-text.ts'
import type { Field, Guards, Outcome } from './actions/action.ts'
import type { Situation } from './evaluate.ts'
import { plainOf } from './plain.ts'

interface Row {
  [column: string]: unknown
  message_id: string
  ticket_id: string
  brand_id: string
  contact_id: string
  thread_id: string | null
  text: string
  channel: string
  surface: 'direct' | 'public'
  followers: number | null
  ordered_at: string
  ticket_version: number
  status: string
  category: string | null
  priority: Priority
  tags: string[]
  assignee_id: string | null
  team_id: string | null
  facts: { model: string | null; serial: string | null; purchased_on: string | null; proof_id: string | null } | null
  has_file: boolean
  asked: boolean
  set: { field: Field; version: number; rule_id: string | null }[] | null
}

export interface Subject {
  readonly messageId: string
  readonly ticketId: string
  readonly brandId: string
  readonly threadId: string | null
  readonly message: Omit<Situation['message'], 'above'>
  readonly ticket: Outcome
  readonly guards: Situation['guards']
  /** What has to be the same still when the outcome is written. */
  readonly stamp: string
}

/** Null: gone, deleted by its author, or in no ticket. */
export async function readSubject(db: Db | Tx, messageId: string): Promise<Subject | null> {
  const [row] = await db.execute<Row>(sql`
    select m.id as message_id, m.thread_id, ${shownText} as text, a.channel, m.surface, i.followers, m.ordered_at, m.ticket_version,
      t.id as ticket_id, t.brand_id, t.contact_id, t.status, t.category, t.priority, to_json(t.tags) as tags, t.assignee_id, t.team_id,
      (select row_to_json(f) from (select model, serial, purchased_on, proof_id from ticket_facts where ticket_id = t.id) f) as facts,
      exists (select from media where message_id = m.id) as has_file,
      exists (select from prepared_questions where ticket_id = t.id) as asked,
      (select json_agg(row_to_json(s)) from (${lastSet(sql`t.id`)}) s) as set
    from messages m
    join tickets t on t.id = m.ticket_id
    join accounts a on a.id = m.account_id
    left join identities i on i.id = m.identity_id
    where m.id = ${messageId}::uuid and m.direction = 'inbound' and m.deleted_at is null`)
  if (!row) return null
  const at = new Date(row.ordered_at)
  return {
    messageId: row.message_id,
    ticketId: row.ticket_id,
    brandId: row.brand_id,
    threadId: row.thread_id,
    message: {
      original: row.text,
      text: plainOf(row.text),
      channel: row.channel,
      surface: row.surface,
      followers: row.followers,
      language: languageOf(row.text),
      at,
      history: (days) => ticketsOf(db, row.contact_id, at, days),
      missing: missingFacts(row),
    },
    ticket: {
      category: row.category,
      priority: row.priority,
      tags: row.tags,
      team: row.team_id,
      assignee: row.assignee_id,
      question: null,
    },
    guards: guardsOf(row),
    stamp: JSON.stringify([row.category, row.priority, row.tags, row.assignee_id, row.team_id, row.set]),
  }
}

/** Who set each field of a ticket last, and at which version of it. */
export const lastSet = (ticketId: SQL) => sql`
  select distinct on (field) field, version, rule_id from ticket_changes, unnest(fields) field
  where ticket_id = ${ticketId} and field <> all('{status,snooze}') order by field, id desc`

/**
 * A category or an assignee a person chose is theirs for good; a priority and tags until the customer writes again. What was
 * set before anybody noted who did it counts as a person's.
 */
function guardsOf({ set, ticket_version: since, category }: Row): Omit<Guards, 'thisRun'> {
  const fixed = new Set<Field>()
  const earlier = new Set<Field>()
  for (const { field, version, rule_id } of set ?? []) {
    if (rule_id !== null) earlier.add(field)
    else if (field === 'category' || field === 'assignee' || field === 'team' || version > since) fixed.add(field)
  }
  if (category !== null && !earlier.has('category')) fixed.add('category')
  return { fixed, earlier }
}

function missingFacts({ facts, text, has_file }: Row): Set<string> {
  const read = new Set<string>(factsIn(text).map(({ field }) => field))
  const missing = new Set<string>()
  if (!facts?.serial && !read.has('serial')) missing.add('serial')
  if (!facts?.model && !read.has('model')) missing.add('model')
  if (!facts?.purchased_on && !read.has('purchasedOn')) missing.add('purchasedOn')
  if (!facts?.proof_id && !has_file) missing.add('proofId')
  return missing
}

async function ticketsOf(db: Db | Tx, contactId: string, at: Date, days: number): Promise<number> {
  const until = sql`${at.toISOString()}::timestamptz`
  const [row] = await db.execute<{ count: number }>(sql`
    select count(*)::int as count from tickets
    where contact_id = ${contactId}::uuid and created_at > ${until} - ${days} * interval '1 day'`)
  return row?.count ?? 0
}

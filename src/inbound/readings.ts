/**
 * Messages that are nothing but an answer to what was asked in their conversation, or ask for the customer's ticket: read as
 * what they are, so that a "5" opens nothing. Most batches have no text that could be one, and ask the database nothing.
 */
import { sql } from 'drizzle-orm'
import { readWords, type Words } from '../automatic/read-words.ts'
import type { Tx } from '../db/client.ts'
import type { QuestionKind } from '../db/schema.ts'
import { at, type ByExternalId } from './identify.ts'
import type { ThreadRow } from './known.ts'
import type { Incoming } from './take-keys.ts'

export interface Reading {
  readonly words: Words
  /** Open in the conversation; null: none. */
  readonly question: { readonly id: string; readonly kind: QuestionKind; readonly ticketId: string } | null
  /** The account answers "my ticket". */
  readonly answersLookup: boolean
}

interface Row {
  [column: string]: unknown
  n: number
  id: string | null
  kind: QuestionKind | null
  ticketId: string | null
  lookup: boolean
}

/** By account and message. Called under the threads' locks. */
export async function findReadings(
  tx: Tx,
  fresh: readonly Incoming[],
  threads: ByExternalId<ThreadRow>,
): Promise<ByExternalId<Reading>> {
  const asked = fresh.flatMap((incoming) => {
    const words = wordsOf(incoming)
    if (!words || incoming.event.type !== 'message') return []
    const { account, event, receivedAt } = incoming
    const thread = threads.get(at(account.id, event.message.threadId))
    return thread ? [{ words, accountId: account.id, externalId: event.message.externalId, thread, receivedAt }] : []
  })
  if (asked.length === 0) return new Map()
  const wanted = asked.map(({ accountId, thread, receivedAt }, n) => ({ n, a: accountId, t: thread.id, r: receivedAt }))
  // A person who wrote since has begun another talk: a number is an answer to them.
  const rows = await tx.execute<Row>(sql`
    select w.n, q.id, q.kind, q.ticket_id as "ticketId",
      coalesce((s.settings #>> '{kinds,lookup,on}')::boolean, false) as lookup
    from json_to_recordset(${JSON.stringify(wanted)}::json) as w(n int, a uuid, t uuid, r timestamptz)
    left join automatic_settings s on s.account_id = w.a
    left join questions q on q.thread_id = w.t and q.closed_at is null and q.until > w.r
      and not exists (
        select from messages m
        where m.ticket_id = q.ticket_id and m.direction = 'outbound' and not m.automatic and m.ticket_version > q.ticket_version)`)
  const result = new Map<string, Reading>()
  for (const { n, id, kind, ticketId, lookup } of rows) {
    const { words, accountId, externalId } = asked[n]!
    const question = id && kind && ticketId ? { id, kind, ticketId } : null
    const answers = question !== null && words.answers[question.kind] !== undefined
    if (answers || (words.asksForTicket && lookup)) {
      result.set(at(accountId, externalId), { words, question, answersLookup: lookup })
    }
  }
  return result
}

/** Words alone: a picture with a "5" under it says something else. */
function wordsOf({ account, event }: Incoming): Words | null {
  if (event.type !== 'message' || account.intake === 'watch') return null
  const { text, media, location, groupKey } = event.message
  return media.length === 0 && !location && groupKey === null ? readWords(text) : null
}

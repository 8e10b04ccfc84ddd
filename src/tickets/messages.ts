/** Messages read in thread order: `orderedAt`, then `sequence` (none first), then id. */
import { and, asc, desc, eq, getTableColumns, inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db, Tx } from '../db/client.ts'
import { messages, tickets } from '../db/schema.ts'
import { notFound } from '../problem.ts'
import type { Message, MessagePage } from '../wire.ts'
import { Micros, microsOf, readCursor, timeOf, writeCursor } from './cursor.ts'
import { showMessages } from './show-messages.ts'

/** As the index `messages_order` has it, which is read in both directions. */
const sequence = sql<string>`coalesce(${messages.sequence}, '')`
const oldestFirst = [asc(messages.orderedAt), asc(sequence), asc(messages.id)]
const newestFirst = [desc(messages.orderedAt), desc(sequence), desc(messages.id)]
const { search: _search, ...columns } = getTableColumns(messages)

/** Those of `ids` that exist, oldest first. The caller has seen to it that the reader may see them. */
export async function readMessages(db: Db | Tx, ids: readonly string[]): Promise<Message[]> {
  if (ids.length === 0) return []
  const wanted = inArray(messages.id, [...ids])
  const rows = await db
    .select(columns)
    .from(messages)
    .where(wanted)
    .orderBy(...oldestFirst)
  return showMessages(db, rows)
}

const Place = z.tuple([Micros, z.string().refine((text) => !text.includes('\0')), z.uuid()])

/**
 * The newest `limit` messages of a ticket before the cursor, oldest first. Throws 404 for a ticket the actor does not see
 * and 400 `bad_cursor`.
 */
export async function messagesPage(
  db: Db,
  actor: Actor,
  ticketId: string,
  query: { readonly before?: string | undefined; readonly limit: number },
): Promise<MessagePage> {
  const before = query.before === undefined ? null : readCursor(query.before, Place)
  const seen = and(eq(tickets.id, ticketId), inScope(actor, tickets.brandId))
  const [ticket] = await db.select({ id: tickets.id }).from(tickets).where(seen)
  if (!ticket) throw notFound('ticket')
  const rows = await messagesQuery(db, ticketId, before, query.limit + 1)
  const page = rows.slice(0, query.limit)
  const earliest = rows.length > query.limit ? page.at(-1) : undefined
  return {
    messages: await showMessages(db, page.reverse()),
    next: earliest ? writeCursor([earliest.micros, earliest.sequence ?? '', earliest.id]) : null,
  }
}

/** Newest first. Exported for the test that asks the database how it would run it. */
export function messagesQuery(db: Db, ticketId: string, before: z.infer<typeof Place> | null, limit: number) {
  const past = before
    ? sql`(${messages.orderedAt}, ${sequence}, ${messages.id}) < (${timeOf(before[0])}, ${before[1]}, ${before[2]}::uuid)`
    : undefined
  return db
    .select({ ...columns, micros: microsOf(messages.orderedAt) })
    .from(messages)
    .where(and(eq(messages.ticketId, ticketId), past))
    .orderBy(...newestFirst)
    .limit(limit)
}

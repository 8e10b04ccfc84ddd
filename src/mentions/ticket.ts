/**
 * A mention becomes a ticket, by somebody's key press, a program or a rule; and back. The thread's lock comes first, as in
 * ingest: a post that arrives at the same moment finds the ticket, or is taken along.
 */
import { and, eq, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import type { Surface } from '../channel/events.ts'
import { type Db, databaseCode, type Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { insertRows } from '../db/insert-rows.ts'
import { mentions, threads, ticketLanguages, tickets } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import { conflict, notFound } from '../problem.ts'
import { previewOf } from '../tickets/preview.ts'
import { shownText } from '../tickets/shown-text.ts'
import { afterInbound, isFinished } from '../tickets/status.ts'
import { triageInsertion } from '../tickets/triage-due.ts'
import type { MentionTicket } from '../wire-mentions.ts'
import { languageOf } from './language.ts'

export interface MentionDeps {
  readonly db: Db
  readonly now: () => Date
  readonly nudge: () => void
}

type MentionRow = typeof mentions.$inferSelect
type TicketRow = typeof tickets.$inferSelect

/** Twice is once. Throws 404. */
export async function makeTicket(deps: MentionDeps, actor: Actor, id: string): Promise<MentionTicket> {
  const made = await deps.db.transaction((tx) => ticketOf(tx, actor, id, deps.now()))
  deps.nudge()
  return made
}

/** The same inside a transaction that does more, for rules. Takes all mentions of the conversation along. */
export async function ticketOf(tx: Tx, actor: Actor, id: string, now: Date): Promise<MentionTicket> {
  const mention = await lockMention(tx, actor, id)
  const present = await presentTicket(tx, mention)
  if (present && mention.ticketId === present.id) return answer(present, false)
  const ticket = present ?? (await openTicket(tx, mention, now))
  const version = present ? ticket.version + 1 : ticket.version
  const taken = await takeAlong(tx, mention.threadId, ticket.id, version)
  const first = new Date(Math.min(...taken.map(({ at }) => at.getTime())))
  const newest = taken.at(-1)!
  const isNewest = !present || newest.at >= ticket.lastMessageAt
  const after = present && afterInbound(present, first, 0)
  await tx
    .update(tickets)
    .set({
      version,
      ...(isNewest ? { lastMessageAt: newest.at, preview: newest.preview } : {}),
      ...(after?.kind === 'same' ? after.patch : { unansweredSince: first }),
    })
    .where(eq(tickets.id, ticket.id))
  await tx.update(threads).set({ currentTicketId: ticket.id }).where(eq(threads.id, mention.threadId))
  const { brandId, accountId } = mention
  const triage = triageInsertion([{ messageId: id, accountId, brandId, dueAt: now }])
  if (triage) await tx.execute(triage)
  await appendEvents(tx, [
    { brandId, type: 'message', ticketId: ticket.id, version },
    { brandId, type: 'mention', ticketId: null, version: null },
  ])
  await writeAudit(tx, actor, 'mention.ticket_made', `message:${id}`, { ticketId: ticket.id, messages: taken.length })
  return answer(ticket, !present)
}

const answer = ({ id, number }: Pick<TicketRow, 'id' | 'number'>, created: boolean): MentionTicket => ({
  ticketId: id,
  number,
  created,
})

/** Locks the thread. The brand is in the WHERE of both. */
async function lockMention(tx: Tx, actor: Actor, id: string): Promise<MentionRow> {
  const visible = and(eq(mentions.messageId, id), inScope(actor, mentions.brandId))
  const [found] = await tx.select({ threadId: mentions.threadId }).from(mentions).where(visible)
  if (!found) throw notFound('mention')
  await tx.select({ id: threads.id }).from(threads).where(eq(threads.id, found.threadId)).for('update')
  const [mention] = await tx.select().from(mentions).where(visible).for('update')
  if (!mention) throw notFound('mention')
  return mention
}

/** The conversation's ticket, where it goes on: somebody was faster, or another post of it is one already. */
async function presentTicket(tx: Tx, mention: MentionRow): Promise<TicketRow | null> {
  const [thread] = await tx
    .select({ ticketId: threads.currentTicketId })
    .from(threads)
    .where(eq(threads.id, mention.threadId))
  const id = mention.ticketId ?? thread?.ticketId
  if (!id) return null
  const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, id)).for('update')
  // What is a ticket already stays in it, finished or not.
  return ticket && (mention.ticketId !== null || !isFinished(ticket.status)) ? ticket : null
}

async function openTicket(
  tx: Tx,
  { brandId, accountId, threadId, surface, language }: MentionRow,
  now: Date,
): Promise<TicketRow> {
  const [person] = await tx.execute<{ contact_id: string }>(sql`
    select i.contact_id from threads t join identities i on i.id = t.identity_id where t.id = ${threadId}`)
  if (!person) throw notFound('mention')
  const contactId = person.contact_id
  const [ticket] = await tx
    .insert(tickets)
    .values({ id: newId(), brandId, accountId, contactId, surface, lastMessageAt: now, createdAt: now })
    .returning()
  await tx.insert(ticketLanguages).values({ ticketId: ticket!.id, language })
  return ticket!
}

/** Every post of the conversation that is in no ticket yet, the dismissed ones too; oldest first. At least one. */
async function takeAlong(tx: Tx, threadId: string, ticketId: string, version: number) {
  const rows = await tx.execute<{ at: string; text: string; kind: string | null; located: boolean }>(sql`
    with taken as (
      update mentions set ticket_id = ${ticketId} where thread_id = ${threadId} and ticket_id is null returning message_id, at
    ), moved as (
      update messages m set ticket_id = ${ticketId}, ticket_version = ${version} from taken where m.id = taken.message_id
    )
    select taken.at, ${shownText} as text, m.location is not null as located,
      (select kind from media where message_id = m.id order by position, id limit 1) as kind
    from taken join messages m on m.id = taken.message_id order by taken.at, m.id`)
  return rows.map(({ at, text, kind, located }) => {
    const location = located ? { latitude: 0, longitude: 0, title: null } : null
    return { at: new Date(at), preview: previewOf({ text, media: kind === null ? [] : [{ kind }], location }) }
  })
}

/**
 * Takes it back: the ticket goes, and its posts, those that came since too, are mentions again. Throws 404, and 409
 * `ticket_in_use` for a ticket that was there before, or once somebody has worked on it: answered, noted, snoozed, finished
 * it, or taken it upon themselves.
 */
export async function undoTicket(deps: MentionDeps, actor: Actor, id: string): Promise<void> {
  try {
    await deps.db.transaction((tx) => undo(tx, actor, id))
  } catch (error) {
    // Something else refers to the ticket by now.
    throw databaseCode(error) === '23503' ? inUse() : error
  }
  deps.nudge()
}

const inUse = () => conflict('ticket_in_use', 'Somebody has worked on this ticket since. Close it instead.')

async function undo(tx: Tx, actor: Actor, id: string): Promise<void> {
  const mention = await lockMention(tx, actor, id)
  const { ticketId, threadId, accountId, brandId } = mention
  if (ticketId === null) return
  const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, ticketId)).for('update')
  if (!ticket) throw notFound('mention')
  const mine = ticket.assigneeId === null || ticket.assigneeId === actor.id
  if (!mine || ticket.snoozedUntil !== null || !['new', 'open'].includes(ticket.status)) throw inUse()
  const [worked] = await tx.execute(sql`
    select from messages where ticket_id = ${ticketId} and (direction <> 'inbound' or thread_id <> ${threadId})
    union all select from drafts where ticket_id = ${ticketId}
    union all select from messages m where m.ticket_id = ${ticketId} and m.received_at <= ${ticket.createdAt.toISOString()}
      and not exists (select from mentions n where n.message_id = m.id)
    limit 1`)
  if (worked) throw inUse()
  const since = await tx.execute<{ id: string; at: string; surface: Surface; text: string }>(sql`
    select m.id, m.ordered_at as at, m.surface, ${shownText} as text from messages m
    where m.ticket_id = ${ticketId} and not exists (select from mentions n where n.message_id = m.id)`)
  await insertRows(
    tx,
    mentions,
    since.map(({ id: messageId, at, surface, text }) => {
      return { messageId, brandId, accountId, threadId, surface, language: languageOf(text), at: new Date(at) }
    }),
  )
  await tx.update(mentions).set({ ticketId: null }).where(eq(mentions.ticketId, ticketId))
  await tx.execute(sql`update messages set ticket_id = null, ticket_version = 0 where ticket_id = ${ticketId}`)
  await tx.update(threads).set({ currentTicketId: null }).where(eq(threads.currentTicketId, ticketId))
  await tx.delete(tickets).where(eq(tickets.id, ticketId))
  await appendEvents(tx, [
    { brandId, type: 'ticket', ticketId, version: ticket.version + 1 },
    { brandId, type: 'mention', ticketId: null, version: null },
  ])
  await writeAudit(tx, actor, 'mention.ticket_undone', `message:${id}`, { ticketId })
}

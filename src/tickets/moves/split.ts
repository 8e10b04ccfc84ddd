/** Chosen messages become a ticket of their own: somebody wrote of two things in one conversation. */
import { eq, sql } from 'drizzle-orm'
import type { Actor } from '../../auth/actor.ts'
import { writeAudit } from '../../auth/audit.ts'
import type { Tx } from '../../db/client.ts'
import { newId } from '../../db/id.ts'
import { ticketMoves, tickets } from '../../db/schema.ts'
import { notFound, unprocessable } from '../../problem.ts'
import type { MoveDone } from '../../wire-moves.ts'
import type { TicketRow } from '../lock-ticket.ts'
import { isFinished } from '../status.ts'
import { readUnansweredSince } from '../unanswered.ts'
import { carry } from './carry.ts'
import { readLater } from './later.ts'
import { setLink } from './link.ts'
import { lockMove, moving, refuseStub } from './lock.ts'
import { type MoveDeps, tell } from './merge.ts'
import { goOn, type Joined, joinedOf } from './state.ts'

/**
 * The customer's next message goes to the new ticket where their newest one does. Throws 404, 409 `ticket_merged`, 422
 * `nothing_left` when all of them were chosen and `no_customer_words` when none of the customer's was.
 */
export async function splitTicket(
  deps: MoveDeps,
  actor: Actor,
  fromId: string,
  messageIds: readonly string[],
): Promise<MoveDone> {
  const done = await moving(deps.db, (tx) => split(tx, deps.now(), actor, fromId, [...new Set(messageIds)]))
  deps.nudge()
  return done
}

async function split(tx: Tx, now: Date, actor: Actor, fromId: string, ids: readonly string[]): Promise<MoveDone> {
  const locked = await lockMove(tx, actor, fromId, [fromId])
  const from = locked.tickets.get(fromId)!
  await refuseStub(tx, fromId)
  const wanted = sql`${`{${ids.join(',')}}`}::uuid[]`
  const chosen = await readLater(tx, sql`m.ticket_id = ${fromId} and m.id = any(${wanted})`)
  if (chosen.length !== ids.length) throw notFound('message')
  const [about] = await tx.execute<{ account_id: string; surface: TicketRow['surface']; contact_id: string }>(sql`
    select m.account_id, m.surface, i.contact_id from messages m join identities i on i.id = m.identity_id
    where m.id = any(${wanted}) and m.direction = 'inbound' order by m.ordered_at, m.id limit 1`)
  if (!about) throw unprocessable('no_customer_words', 'Choose at least one message of the customer.')
  const [left] = await tx.execute(
    sql`select from messages where ticket_id = ${fromId} and direction = 'inbound' and not id = any(${wanted}) limit 1`,
  )
  if (!left) throw unprocessable('nothing_left', 'At least one message of the customer has to stay.')
  const own = {
    brandId: from.brandId,
    accountId: about.account_id,
    contactId: about.contact_id,
    surface: about.surface,
  }
  const state = goOn({ ...blank, priority: from.priority, assigneeId: from.assigneeId }, chosen)
  const [into] = await tx
    .insert(tickets)
    .values({ id: newId(), ...own, ...state, version: 1, createdAt: now })
    .returning()
  await tx.execute(sql`
    insert into ticket_languages (ticket_id, language)
    select ${into!.id}, language from ticket_languages where ticket_id = ${fromId}`)
  const moveId = newId()
  const rest = await restOf(tx, from, wanted)
  await tx.insert(ticketMoves).values({
    id: moveId,
    kind: 'split',
    brandId: from.brandId,
    fromId,
    intoId: into!.id,
    intoVersion: 1,
    fromBefore: joinedOf(from),
    intoBefore: joinedOf(into!),
    intoAfter: rest,
    byId: actor.id,
    byName: actor.name,
    createdAt: now,
  })
  const threadIds = await threadsAlong(tx, locked.threadIds, fromId, wanted)
  await carry(tx, { moveId, from: fromId, into: into!.id, version: 1, messageIds: ids, threadIds })
  const version = from.version + 1
  const unansweredSince = isFinished(from.status) ? null : await readUnansweredSince(tx, fromId)
  await tx
    .update(tickets)
    .set({ ...rest, unansweredSince, version })
    .where(eq(tickets.id, fromId))
  await tx.execute(sql`
    update ticket_moves set into_after = ${JSON.stringify({ ...rest, unansweredSince, version })}::jsonb where id = ${moveId}`)
  await setLink(tx, actor, fromId, into!.id)
  await tell(tx, from, version)
  await tell(tx, into!, 1)
  const detail = { move: moveId, messages: ids.length }
  await writeAudit(tx, actor, 'ticket.split', `ticket:${fromId}`, { ...detail, ticket: into!.id, number: into!.number })
  await writeAudit(tx, actor, 'ticket.split_from', `ticket:${into!.id}`, {
    ...detail,
    ticket: fromId,
    number: from.number,
  })
  return { moveId, ticketId: into!.id, number: into!.number }
}

const blank: Joined = {
  status: 'new',
  priority: 'normal',
  category: null,
  assigneeId: null,
  tags: [],
  snoozedUntil: null,
  resolvedAt: null,
  unansweredSince: null,
  lastMessageAt: new Date(0),
  preview: '',
}

/** The queue shows of the first ticket what is left in it. */
async function restOf(tx: Tx, from: TicketRow, chosen: ReturnType<typeof sql>): Promise<Joined> {
  const left = await readLater(tx, sql`m.ticket_id = ${from.id} and not m.id = any(${chosen})`)
  const { lastMessageAt, preview } = goOn(blank, left)
  return { ...joinedOf(from), lastMessageAt, preview }
}

/** Conversations whose newest word of the customer was chosen: they go on in the new ticket. */
async function threadsAlong(tx: Tx, present: readonly string[], fromId: string, chosen: ReturnType<typeof sql>) {
  const rows = await tx.execute<{ id: string }>(sql`
    select t.id from unnest(${`{${present.join(',')}}`}::uuid[]) as t(id)
    where (
      select m.id from messages m where m.thread_id = t.id and m.ticket_id = ${fromId} and m.direction = 'inbound'
      order by m.ordered_at desc, coalesce(m.sequence, '') desc, m.id desc limit 1
    ) = any(${chosen})`)
  return rows.map(({ id }) => id)
}

/** The way back of a merge or a division. What came since goes where its conversation goes. */
import { and, eq, isNull, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../../auth/actor.ts'
import { writeAudit } from '../../auth/audit.ts'
import type { Tx } from '../../db/client.ts'
import { ticketMoves, ticketStubs, tickets } from '../../db/schema.ts'
import { conflict, notFound } from '../../problem.ts'
import type { MoveDone } from '../../wire-moves.ts'
import type { TicketRow } from '../lock-ticket.ts'
import { isFinished } from '../status.ts'
import { readUnansweredSince } from '../unanswered.ts'
import { carryBack, carryDrafts } from './carry.ts'
import { type LaterMessage, readLater } from './later.ts'
import { lockMove, moving, refuseStub } from './lock.ts'
import { empty, type MoveDeps, tell, wakeLater } from './merge.ts'
import { comeApart, goOn, joinedOf, readJoined } from './state.ts'

type Move = typeof ticketMoves.$inferSelect

/**
 * Twice is once. Throws 404, 409 `ticket_merged` when where they are went on into another ticket, and `moved_since` when
 * some of the messages went on alone: that has to be undone first.
 */
export async function undoMove(deps: MoveDeps, actor: Actor, moveId: string): Promise<MoveDone> {
  const done = await moving(deps.db, async (tx) => {
    const visible = and(eq(ticketMoves.id, moveId), inScope(actor, ticketMoves.brandId))
    const [found] = await tx.select().from(ticketMoves).where(visible)
    if (!found) throw notFound('change')
    const locked = await lockMove(tx, actor, found.intoId, [found.fromId, found.intoId])
    const [move] = await tx
      .select()
      .from(ticketMoves)
      .where(and(visible, isNull(ticketMoves.undoneAt)))
    const from = locked.tickets.get(found.fromId)!
    const into = locked.tickets.get(found.intoId)!
    const answer = { moveId, ticketId: from.id, number: from.number }
    if (!move) return answer
    await refuseStub(tx, into.id)
    await refuseMovedOn(tx, move)
    await tx.update(ticketMoves).set({ undoneAt: deps.now() }).where(eq(ticketMoves.id, moveId))
    if (move.kind === 'merge') await unmerge(tx, actor, move, from, into)
    else await unsplit(tx, deps.now(), actor, move, from, into)
    return answer
  })
  deps.nudge()
  return done
}

async function refuseMovedOn(tx: Tx, { id, intoId, kind, fromId }: Move): Promise<void> {
  const [gone] = await tx.execute(sql`
    select from ticket_move_items i join messages m on m.id = i.row_id
    where i.move_id = ${id} and i.kind = 'message' and m.ticket_id is distinct from ${intoId} limit 1`)
  const others =
    kind === 'split'
      ? await tx.execute(sql`
          select from ticket_moves where undone_at is null and (
            (into_id = ${intoId} and id <> ${id}) or (kind = 'split' and from_id = ${intoId})
          ) limit 1`)
      : []
  if (kind === 'split') await refuseStub(tx, fromId)
  if (gone || others.length > 0) {
    throw conflict('moved_since', 'Messages went on into another ticket since. Take that back first.')
  }
}

async function unmerge(tx: Tx, actor: Actor, move: Move, from: TicketRow, into: TicketRow): Promise<void> {
  const all = await laterOf(tx, move)
  const noted = await tx.execute<{ row_id: string }>(
    sql`select row_id from ticket_move_items where move_id = ${move.id} and kind = 'thread'`,
  )
  const threadIds = new Set(noted.map(({ row_id }) => row_id))
  const goes = (message: LaterMessage) => message.threadId !== null && threadIds.has(message.threadId)
  const theirs = all.filter(goes)
  const fromVersion = from.version + 1
  const intoVersion = into.version + 1
  const later = theirs.map(({ id }) => id)
  await carryBack(tx, { moveId: move.id, here: into.id, back: from.id, version: fromVersion, later })
  await tx.execute(sql`
    update threads set current_ticket_id = ${from.id}
    where current_ticket_id = ${into.id} and id = any(${`{${[...threadIds].join(',')}}`}::uuid[])`)
  await tx.delete(ticketStubs).where(eq(ticketStubs.ticketId, from.id))
  const was = goOn(readJoined(move.fromBefore), theirs)
  await tx
    .update(tickets)
    .set({ ...was, version: fromVersion })
    .where(eq(tickets.id, from.id))
  const mine = all.filter((message) => !goes(message))
  const stays = comeApart(joinedOf(into), readJoined(move.intoAfter), all, readJoined(move.intoBefore), mine)
  await tx
    .update(tickets)
    .set({ ...stays, version: intoVersion })
    .where(eq(tickets.id, into.id))
  await wakeLater(tx, from.id, was)
  await wakeLater(tx, into.id, stays)
  await tell(tx, from, fromVersion)
  await tell(tx, into, intoVersion)
  const detail = { move: move.id, ticket: from.id, number: from.number }
  await writeAudit(tx, actor, 'ticket.unmerged', `ticket:${into.id}`, detail)
  const back = { move: move.id, ticket: into.id, number: into.number }
  await writeAudit(tx, actor, 'ticket.unmerged_from', `ticket:${from.id}`, back)
}

/** What came into the ticket since, but for what other merges brought: that is theirs to take back. */
async function laterOf(tx: Tx, { id, intoId, intoVersion }: Move): Promise<LaterMessage[]> {
  return readLater(
    tx,
    sql`m.ticket_id = ${intoId} and m.ticket_version > ${intoVersion} and not exists (
      select from ticket_move_items i join ticket_moves o on o.id = i.move_id
      where i.row_id = m.id and i.kind = 'message' and o.id <> ${id} and o.undone_at is null
    )`,
  )
}

/** All of the second ticket goes back; it is empty then and leads to the first. */
async function unsplit(tx: Tx, now: Date, actor: Actor, move: Move, from: TicketRow, into: TicketRow): Promise<void> {
  const isNoted = sql`exists (
    select from ticket_move_items i where i.move_id = ${move.id} and i.kind = 'message' and i.row_id = m.id)`
  const theirs = await readLater(tx, sql`m.ticket_id = ${into.id} and not ${isNoted}`)
  const set = move.intoAfter as { version: number }
  const mine = await readLater(tx, sql`m.ticket_id = ${from.id} and m.ticket_version > ${set.version}`)
  const version = from.version + 1
  const later = theirs.map(({ id }) => id)
  await carryBack(tx, { moveId: move.id, here: into.id, back: from.id, version, later })
  await tx.execute(sql`update tasks set ticket_id = ${from.id} where ticket_id = ${into.id}`)
  await tx.execute(sql`
    update drafts set ticket_id = ${from.id}, body = jsonb_set(body, '{seenVersion}', to_jsonb(${version}::int))
    where ticket_id = ${into.id} and send_at is not null`)
  await carryDrafts(tx, move.id, into.id, from.id)
  await tx.execute(sql`update threads set current_ticket_id = ${from.id} where current_ticket_id = ${into.id}`)
  await tx.execute(sql`
    delete from ticket_links where (a_id, b_id) in ((${from.id}, ${into.id}), (${into.id}, ${from.id}))`)
  const both = [...mine, ...theirs].sort((a, b) => a.at.getTime() - b.at.getTime())
  const back = comeApart(joinedOf(from), readJoined(move.intoAfter), mine, readJoined(move.fromBefore), both)
  const isWaiting = !isFinished(back.status) && theirs.length > 0
  const unansweredSince = isWaiting ? await readUnansweredSince(tx, from.id) : back.unansweredSince
  await tx
    .update(tickets)
    .set({ ...back, unansweredSince, version })
    .where(eq(tickets.id, from.id))
  await wakeLater(tx, from.id, back)
  await empty(tx, into, from.id, now)
  await tell(tx, from, version)
  const detail = { move: move.id, ticket: into.id, number: into.number }
  await writeAudit(tx, actor, 'ticket.unsplit', `ticket:${from.id}`, detail)
}

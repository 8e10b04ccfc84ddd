/** `PATCH /api/tickets/:id`: what a person sets. Nothing that is so already is written, told or audited. */
import { eq } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import { tickets } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import { conflict, notFound, unprocessable } from '../problem.ts'
import type { Ticket, TicketPatch } from '../wire.ts'
import { assigneeOf } from './assignee.ts'
import { lockTicket, type TicketRow } from './lock-ticket.ts'
import { showTickets } from './show-tickets.ts'
import { afterStatusChange, isFinished } from './status.ts'
import { isInTeam, teamOf } from './team.ts'
import { readUnansweredSince } from './unanswered.ts'
import { unsnoozeKind } from './unsnooze.ts'

export interface ChangeDeps {
  readonly db: Db
  readonly now: () => Date
  readonly nudge: () => void
}

type Changes = Partial<
  Pick<
    TicketRow,
    | 'status'
    | 'priority'
    | 'assigneeId'
    | 'teamId'
    | 'tags'
    | 'category'
    | 'snoozedUntil'
    | 'resolvedAt'
    | 'unansweredSince'
  >
>

/**
 * Throws 404; 409 `version_conflict` with the ticket as it is, when `version` is given and another; 422
 * `assignee_unknown`, `team_unknown`, `snooze_past`, `snooze_finished`.
 */
export async function changeTicket(deps: ChangeDeps, actor: Actor, id: string, patch: TicketPatch): Promise<Ticket> {
  const changed = await deps.db.transaction(async (tx) => {
    const ticket = await lockTicket(tx, actor, id)
    if (patch.version !== undefined && patch.version !== ticket.version) {
      throw conflict('version_conflict', 'Somebody changed this ticket since you opened it.', {
        ticket: await showOne(tx, id),
      })
    }
    const changes = await changeLocked(tx, actor, ticket, patch, deps.now())
    const names = Object.keys(changes)
    return { ticket: await showOne(tx, id), told: names.length > 0 }
  })
  if (changed.told) deps.nudge()
  return changed.ticket
}

/**
 * The same for one that is locked already, in the caller's transaction: what a person asks for, or a rule. Answers what
 * changed, the version too; nothing where all is so already.
 */
export async function changeLocked(
  tx: Tx,
  actor: Actor,
  ticket: TicketRow,
  patch: TicketPatch,
  now: Date,
): Promise<Partial<TicketRow>> {
  const changes = await changesOf(tx, actor, ticket, patch, now)
  if (Object.keys(changes).length === 0) return {}
  await write(tx, actor, ticket, changes)
  return { ...changes, version: ticket.version + 1 }
}

async function write(tx: Tx, actor: Actor, ticket: TicketRow, changes: Changes): Promise<void> {
  const { id, brandId } = ticket
  const version = ticket.version + 1
  await tx
    .update(tickets)
    .set({ ...changes, version })
    .where(eq(tickets.id, id))
  if (changes.snoozedUntil) await followUp(tx, [{ kind: unsnoozeKind, subject: id, dueAt: changes.snoozedUntil }])
  await appendEvents(tx, [{ brandId, type: 'ticket', ticketId: id, version }])
  const detail = Object.fromEntries(
    audited.flatMap((name) => (name in changes ? [[name, { from: ticket[name], to: changes[name] }]] : [])),
  )
  await writeAudit(tx, actor, 'ticket.changed', `ticket:${id}`, detail)
}

/** What a person set; the clocks follow from it. */
const audited = ['status', 'priority', 'assigneeId', 'teamId', 'tags', 'category', 'snoozedUntil'] as const

async function changesOf(tx: Tx, actor: Actor, ticket: TicketRow, patch: TicketPatch, now: Date): Promise<Changes> {
  const wanted: Changes = {}
  if (patch.priority !== undefined) wanted.priority = patch.priority
  if (patch.category !== undefined) wanted.category = patch.category ? cleanText(patch.category) : null
  if (patch.tags !== undefined) wanted.tags = uniqueTags(patch.tags)
  if (patch.assignee !== undefined) wanted.assigneeId = await assigneeOf(tx, actor, ticket, patch.assignee)
  if (patch.team !== undefined) {
    wanted.teamId = await teamOf(tx, ticket, patch.team)
    const keeps = patch.assignee !== undefined || ticket.assigneeId === null || wanted.teamId === ticket.teamId
    if (!keeps && !(await isInTeam(tx, wanted.teamId, ticket.assigneeId))) wanted.assigneeId = null
  }
  if (patch.snoozedUntil !== undefined) wanted.snoozedUntil = snoozeOf(patch, ticket, now)
  if (patch.status !== undefined && patch.status !== ticket.status) {
    const reopens = isFinished(ticket.status) && !isFinished(patch.status)
    const since = reopens ? await readUnansweredSince(tx, ticket.id) : null
    Object.assign(wanted, afterStatusChange(ticket, patch.status, now, since))
  }
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => !isSame(value, ticket[name as keyof Changes])),
  )
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** The first way of writing each: `VIP` and `vip` are one tag. */
function uniqueTags(tags: readonly string[]): string[] {
  const byName = new Map<string, string>()
  for (const tag of tags.map((raw) => cleanText(raw).normalize('NFKC').trim())) {
    if (tag !== '' && !byName.has(tag.toLowerCase())) byName.set(tag.toLowerCase(), tag)
  }
  return [...byName.values()]
}

function snoozeOf(patch: TicketPatch, ticket: TicketRow, now: Date): Date | null {
  if (!patch.snoozedUntil) return null
  const until = new Date(patch.snoozedUntil)
  if (until <= now) throw unprocessable('snooze_past', 'The time to wake up must lie in the future.')
  if (isFinished(patch.status ?? ticket.status)) {
    throw unprocessable('snooze_finished', 'A ticket that is resolved or closed cannot be snoozed.')
  }
  return until
}

async function showOne(tx: Tx, id: string): Promise<Ticket> {
  const [ticket] = await showTickets(tx, [id])
  if (!ticket) throw notFound('ticket')
  return ticket
}

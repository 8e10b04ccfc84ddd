/** `PATCH /api/tickets/:id`: what a person sets. Nothing that is so already is written, told or audited. */
import { eq } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { type AuditDetail, writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import { tickets } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import { conflict, notFound, unprocessable } from '../problem.ts'
import { requireResult } from '../together/results.ts'
import type { Ticket, TicketPatch } from '../wire.ts'
import { assigneeOf } from './assignee.ts'
import { categoryOf } from './categories.ts'
import { lockTicket, type TicketRow } from './lock-ticket.ts'
import { nameOf, requireNamed, writeName } from './named-statuses.ts'
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

/** The fields of a ticket that a person's act may set, and those that follow from them. */
export type Changes = Partial<
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
 * `assignee_unknown`, `team_unknown`, `category_unknown`, `snooze_past`, `snooze_finished`, `result_needed` where the brand
 * wants one, `named_mismatch`, `unknown_named_status`.
 */
export async function changeTicket(deps: ChangeDeps, actor: Actor, id: string, patch: TicketPatch): Promise<Ticket> {
  const changed = await deps.db.transaction(async (tx) => {
    const ticket = await lockTicket(tx, actor, id)
    if (patch.version !== undefined && patch.version !== ticket.version) {
      throw conflict('version_conflict', 'Somebody changed this ticket since you opened it.', {
        ticket: await showOne(tx, id),
      })
    }
    const changes = await applyPatch(tx, actor, ticket, patch, deps.now())
    await refuseWithoutResult(tx, actor, ticket, changes)
    return { ticket: await showOne(tx, id), told: changes !== null }
  })
  if (changed.told) deps.nudge()
  return changed.ticket
}

/**
 * The same on a ticket that is locked, in a transaction that does more. `via` stands in the audit beside what was changed.
 * Null: it is so already. Throws as {@link changeTicket} does, but for the version and the result.
 */
export async function applyPatch(
  tx: Tx,
  actor: Actor,
  ticket: TicketRow,
  patch: Omit<TicketPatch, 'version'>,
  now: Date,
  via: AuditDetail = {},
): Promise<Changes | null> {
  const named = await namedChange(tx, ticket, patch)
  const changes = await changesOf(tx, actor, ticket, named ? { ...patch, status: named.status } : patch, now)
  if (Object.keys(changes).length === 0 && named === null) return null
  await writeChanges(tx, actor, ticket, changes, via, named)
  return changes
}

/** Where a brand wants a formal result, whoever finishes a ticket gives one first. Throws 422 `result_needed`. */
export async function refuseWithoutResult(tx: Tx, actor: Actor, ticket: TicketRow, changes: Changes | null) {
  if (actor.kind === 'system' || isFinished(ticket.status) || !isFinished(changes?.status ?? 'open')) return
  await requireResult(tx, ticket)
}

interface NamedChange {
  readonly status: TicketRow['status']
  readonly from: string | null
  readonly to: string | null
}

/** A finer name brings its fixed status along. Null: nothing changes. Throws 422 `named_mismatch`, `unknown_named_status`. */
async function namedChange(
  tx: Tx,
  ticket: TicketRow,
  patch: Omit<TicketPatch, 'version'>,
): Promise<NamedChange | null> {
  if (patch.named === undefined) return null
  const from = await nameOf(tx, ticket.id)
  if (patch.named === from && (patch.status ?? ticket.status) === ticket.status) return null
  // A change of the fixed status takes the name away by itself.
  const moves = patch.status !== undefined && patch.status !== ticket.status
  if (patch.named === null) return from === null || moves ? null : { status: ticket.status, from, to: null }
  const { id: to, status } = await requireNamed(tx, patch.named)
  if (patch.status !== undefined && patch.status !== status)
    throw unprocessable('named_mismatch', 'This name belongs to another status.')
  return { status, from, to }
}

/** Puts changes of a locked ticket down, with its next version, the event and the audit. */
export async function writeChanges(
  tx: Tx,
  actor: Actor,
  ticket: TicketRow,
  changes: Changes,
  via: AuditDetail = {},
  named: NamedChange | null = null,
): Promise<void> {
  const { id, brandId } = ticket
  const version = ticket.version + 1
  await tx
    .update(tickets)
    .set({ ...changes, version })
    .where(eq(tickets.id, id))
  if (named) await writeName(tx, id, named.to)
  if (changes.snoozedUntil) await followUp(tx, [{ kind: unsnoozeKind, subject: id, dueAt: changes.snoozedUntil }])
  await appendEvents(tx, [{ brandId, type: 'ticket', ticketId: id, version }])
  const detail = Object.fromEntries(
    audited.flatMap((name) => (name in changes ? [[name, { from: ticket[name], to: changes[name] }]] : [])),
  )
  const name = named ? { named: { from: named.from, to: named.to } } : {}
  await writeAudit(tx, actor, 'ticket.changed', `ticket:${id}`, { ...detail, ...name, ...via })
}

/** What a person set; the clocks follow from it. */
export const audited = ['status', 'priority', 'assigneeId', 'teamId', 'tags', 'category', 'snoozedUntil'] as const

async function changesOf(
  tx: Tx,
  actor: Actor,
  ticket: TicketRow,
  patch: Omit<TicketPatch, 'version'>,
  now: Date,
): Promise<Changes> {
  const wanted: Changes = {}
  if (patch.priority !== undefined) wanted.priority = patch.priority
  if (patch.category !== undefined) {
    const category = patch.category || null
    // One that is archived by now may stay.
    wanted.category = category === null || category === ticket.category ? category : await categoryOf(tx, category)
  }
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
export function uniqueTags(tags: readonly string[]): string[] {
  const byName = new Map<string, string>()
  for (const tag of tags.map((raw) => cleanText(raw).normalize('NFKC').trim())) {
    if (tag !== '' && !byName.has(tag.toLowerCase())) byName.set(tag.toLowerCase(), tag)
  }
  return [...byName.values()]
}

function snoozeOf(patch: Omit<TicketPatch, 'version'>, ticket: TicketRow, now: Date): Date | null {
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

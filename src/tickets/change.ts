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
import { requireResult } from '../together/results.ts'
import type { Ticket, TicketPatch } from '../wire.ts'
import { assigneeOf } from './assignee.ts'
import { lockTicket, type TicketRow } from './lock-ticket.ts'
import { nameOf, requireNamed, writeName } from './named-statuses.ts'
import { showTickets } from './show-tickets.ts'
import { afterStatusChange, isFinished } from './status.ts'
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
    'status' | 'priority' | 'assigneeId' | 'tags' | 'category' | 'snoozedUntil' | 'resolvedAt' | 'unansweredSince'
  >
>

/**
 * Throws 404; 409 `version_conflict` with the ticket as it is, when `version` is given and another; 422
 * `assignee_unknown`, `snooze_past`, `snooze_finished`, `result_needed` where the brand wants one, `named_mismatch`,
 * `unknown_named_status`.
 */
export async function changeTicket(deps: ChangeDeps, actor: Actor, id: string, patch: TicketPatch): Promise<Ticket> {
  const changed = await deps.db.transaction(async (tx) => {
    const ticket = await lockTicket(tx, actor, id)
    if (patch.version !== undefined && patch.version !== ticket.version) {
      throw conflict('version_conflict', 'Somebody changed this ticket since you opened it.', {
        ticket: await showOne(tx, id),
      })
    }
    const named = await namedChange(tx, ticket, patch)
    const changes = await changesOf(tx, actor, ticket, named ? { ...patch, status: named.status } : patch, deps.now())
    const isTold = Object.keys(changes).length > 0 || named !== null
    if (isFinished(changes.status ?? 'open') && !isFinished(ticket.status) && actor.kind !== 'system')
      await requireResult(tx, ticket)
    if (isTold) await write(tx, actor, ticket, changes, named)
    return { ticket: await showOne(tx, id), told: isTold }
  })
  if (changed.told) deps.nudge()
  return changed.ticket
}

interface NamedChange {
  readonly status: TicketRow['status']
  readonly from: string | null
  readonly to: string | null
}

/** A finer name brings its fixed status along. Null: nothing changes. Throws 422 `named_mismatch`, `unknown_named_status`. */
async function namedChange(tx: Tx, ticket: TicketRow, patch: TicketPatch): Promise<NamedChange | null> {
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

async function write(
  tx: Tx,
  actor: Actor,
  ticket: TicketRow,
  changes: Changes,
  named: NamedChange | null,
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
  await writeAudit(tx, actor, 'ticket.changed', `ticket:${id}`, { ...detail, ...name })
}

/** What a person set; the clocks follow from it. */
const audited = ['status', 'priority', 'assigneeId', 'tags', 'category', 'snoozedUntil'] as const

async function changesOf(tx: Tx, actor: Actor, ticket: TicketRow, patch: TicketPatch, now: Date): Promise<Changes> {
  const wanted: Changes = {}
  if (patch.priority !== undefined) wanted.priority = patch.priority
  if (patch.category !== undefined) wanted.category = patch.category ? cleanText(patch.category) : null
  if (patch.tags !== undefined) wanted.tags = uniqueTags(patch.tags)
  if (patch.assignee !== undefined) wanted.assigneeId = await assigneeOf(tx, actor, ticket, patch.assignee)
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

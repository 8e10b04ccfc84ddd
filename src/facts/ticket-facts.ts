/** The product a ticket is about: what is written down, what messages propose, and what the brand's records say of it. */
import { and, desc, eq, ne, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import {
  devices,
  media,
  messages,
  repairs,
  ticketFacts,
  tickets,
  warrantyAnswers,
  warrantySources,
} from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import { conflict, unprocessable } from '../problem.ts'
import { lockTicket, requireTicket, type TicketRow } from '../tickets/lock-ticket.ts'
import { shownText } from '../tickets/shown-text.ts'
import type { FactField, FactsPatch, Proposal, Repair, TicketFacts } from '../wire-facts.ts'
import { cleanSerial, factsIn, isDay } from './read-text.ts'
import { askLater, isFresh } from './warranty.ts'

export interface FactsDeps {
  readonly db: Db
  readonly now: () => Date
  readonly nudge: () => void
}

const fields = ['model', 'serial', 'purchasedOn', 'proofId'] as const
const readMessages = 50

/** Throws 404. Asks the brand's own system, where there is one, without waiting for it. */
export async function readFacts(deps: FactsDeps, actor: Actor, ticketId: string): Promise<TicketFacts> {
  const { db } = deps
  const ticket = await requireTicket(db, actor, ticketId)
  const [row] = await db.select().from(ticketFacts).where(eq(ticketFacts.ticketId, ticketId))
  const serial = row?.serial ?? null
  const source = await sourceOf(deps, ticket.brandId, serial)
  const known = serial === null ? null : await recordsOf(db, ticket.brandId, serial)
  const answer = source.answer
  const device = known?.device ?? null
  const until = device?.warrantyUntil ?? answer?.warrantyUntil ?? null
  const told = known !== null && (device !== null || answer !== null || known.repairs.length > 0)
  return {
    model: row?.model ?? null,
    serial,
    purchasedOn: row?.purchasedOn ?? null,
    proofId: row?.proofId ?? null,
    sources: row?.sources ?? {},
    proposals: await proposalsOf(db, ticketId, row),
    revision: row?.revision ?? 0,
    device: told
      ? {
          model: device?.model ?? answer?.model ?? null,
          purchasedOn: device?.purchasedOn ?? answer?.purchasedOn ?? null,
          warrantyUntil: until,
          warranty: until === null ? 'unknown' : until >= deps.now().toISOString().slice(0, 10) ? 'inside' : 'over',
        }
      : null,
    repairs: merged(known?.repairs ?? [], answer?.repairs ?? []),
    otherTickets: serial === null ? [] : await othersOf(db, ticket, serial),
    source: { state: source.state, reason: source.reason, askedAt: source.askedAt },
    files: await filesOf(db, ticketId),
  }
}

/** Throws 404; 409 `facts_changed`; 422 `bad_serial`, `bad_date`, `proof_unknown`. */
export async function changeFacts(
  deps: FactsDeps,
  actor: Actor,
  ticketId: string,
  patch: FactsPatch,
): Promise<TicketFacts> {
  await deps.db.transaction(async (tx) => {
    const ticket = await lockTicket(tx, actor, ticketId)
    const [row] = await tx.select().from(ticketFacts).where(eq(ticketFacts.ticketId, ticketId))
    if ((row?.revision ?? 0) !== patch.revision) {
      throw conflict('facts_changed', 'Somebody changed these facts since you opened them.')
    }
    const set = await valuesOf(tx, ticketId, patch)
    const sources = { ...row?.sources }
    for (const field of Object.keys(set) as FactField[]) {
      if (set[field] === null) delete sources[field]
      else sources[field] = patch.source
    }
    const dismissed = [...new Set([...(row?.dismissed ?? []), ...(patch.dismiss ?? []).map(cleanText)])].slice(-100)
    const values = { ...set, sources, dismissed, revision: patch.revision + 1, updatedAt: deps.now() }
    await tx
      .insert(ticketFacts)
      .values({ ticketId, brandId: ticket.brandId, ...values })
      .onConflictDoUpdate({ target: ticketFacts.ticketId, set: values })
    const { brandId, version } = ticket
    await appendEvents(tx, [{ brandId, type: 'ticket', ticketId, version }])
    await writeAudit(tx, actor, 'ticket.facts_changed', `ticket:${ticketId}`, {
      fields: Object.keys(set),
      source: patch.source,
    })
  })
  deps.nudge()
  return readFacts(deps, actor, ticketId)
}

async function valuesOf(tx: Tx, ticketId: string, patch: FactsPatch) {
  const set: Partial<Record<FactField, string | null>> = {}
  for (const field of fields) {
    const value = patch[field]
    if (value !== undefined) set[field] = value === null || value === '' ? null : cleanText(value)
  }
  if (set.serial) {
    set.serial = cleanSerial(set.serial)
    if (!/^[A-Z0-9./_]{3,40}$/u.test(set.serial)) throw unprocessable('bad_serial', 'This is no serial number.')
  }
  if (set.purchasedOn && !isDay(set.purchasedOn)) throw unprocessable('bad_date', 'There is no such day.')
  if (set.proofId) {
    const [file] = await tx.execute(sql`
      select from media f join messages m on m.id = f.message_id where f.id = ${set.proofId}::uuid and m.ticket_id = ${ticketId}::uuid`)
    if (!file) throw unprocessable('proof_unknown', 'This file is not one of the ticket.')
  }
  return set
}

/** What the customer's messages say and is neither known nor put away. */
async function proposalsOf(
  db: Db,
  ticketId: string,
  row: typeof ticketFacts.$inferSelect | undefined,
): Promise<Proposal[]> {
  const found = await db.execute<{ id: string; text: string }>(sql`
    select m.id, ${shownText} as text from messages m
    where m.ticket_id = ${ticketId}::uuid and m.direction = 'inbound' and m.deleted_at is null
    order by m.ordered_at desc, m.id desc limit ${readMessages}`)
  const seen = new Set(row?.dismissed)
  for (const field of ['model', 'serial', 'purchasedOn'] as const) if (row?.[field]) seen.add(`${field} ${row[field]}`)
  return found.flatMap(({ id, text }) =>
    factsIn(text).flatMap((one) => {
      const key = `${one.field} ${one.value}`
      if (seen.has(key)) return []
      seen.add(key)
      return [{ ...one, messageId: id }]
    }),
  )
}

async function recordsOf(db: Db, brandId: string, serial: string) {
  const [device] = await db
    .select()
    .from(devices)
    .where(and(eq(devices.brandId, brandId), eq(devices.serial, serial)))
  const rows = await db
    .select()
    .from(repairs)
    .where(and(eq(repairs.brandId, brandId), eq(repairs.serial, serial)))
    .orderBy(desc(repairs.repairedOn))
    .limit(100)
  return { device: device ?? null, repairs: rows }
}

/** The same repair from both sides is one. */
function merged(ours: readonly Repair[], theirs: readonly Repair[]): Repair[] {
  const byKey = new Map<string, Repair>()
  for (const { repairedOn, fault, result, place, reference } of [...ours, ...theirs]) {
    const key = reference === '' ? `${repairedOn} ${fault} ${result}` : reference
    if (!byKey.has(key)) byKey.set(key, { repairedOn, fault, result, place, reference })
  }
  return [...byKey.values()].sort((a, b) => (a.repairedOn < b.repairedOn ? 1 : -1))
}

async function sourceOf(deps: FactsDeps, brandId: string, serial: string | null) {
  const none = { state: 'none' as const, reason: null, askedAt: null, answer: null }
  if (serial === null) return none
  const [source] = await deps.db
    .select({ brandId: warrantySources.brandId })
    .from(warrantySources)
    .where(eq(warrantySources.brandId, brandId))
  if (!source) return none
  const [last] = await deps.db
    .select()
    .from(warrantyAnswers)
    .where(and(eq(warrantyAnswers.brandId, brandId), eq(warrantyAnswers.serial, serial)))
  if (!last || !isFresh(last, deps.now())) await askLater(deps, brandId, serial)
  return {
    state: !last ? ('asked' as const) : last.failure === null ? ('answered' as const) : ('failed' as const),
    reason: last?.failure ?? null,
    askedAt: last?.askedAt.toISOString() ?? null,
    answer: last?.answer ?? null,
  }
}

async function othersOf(db: Db, ticket: TicketRow, serial: string) {
  return db
    .select({ id: tickets.id, number: tickets.number })
    .from(ticketFacts)
    .innerJoin(tickets, eq(tickets.id, ticketFacts.ticketId))
    .where(and(eq(ticketFacts.brandId, ticket.brandId), eq(ticketFacts.serial, serial), ne(tickets.id, ticket.id)))
    .orderBy(desc(tickets.number))
    .limit(20)
}

async function filesOf(db: Db, ticketId: string) {
  return db
    .select({ id: media.id, name: media.name, kind: media.kind })
    .from(media)
    .innerJoin(messages, eq(messages.id, media.messageId))
    .where(and(eq(messages.ticketId, ticketId), eq(messages.direction, 'inbound')))
    .orderBy(desc(messages.orderedAt))
    .limit(100)
}

/** What the customer is given to make good, as data. */
import { and, asc, eq } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { type RemedyState, remedies } from '../db/schema.ts'
import { type Answer, withIdempotency } from '../idempotency.ts'
import { conflict, notFound, unprocessable } from '../problem.ts'
import { lockTicket, requireTicket } from '../tickets/lock-ticket.ts'
import type { NewRemedy, Remedy, RemedyPatch } from '../wire.ts'
import { type ActDetail, recordAct } from './acts.ts'
import type { TogetherDeps } from './escalation.ts'

type Row = typeof remedies.$inferSelect

/** On one ticket; more is a mistake of a program. */
const most = 50

/** At most once per key. Throws 404, 422 `too_many`, `unknown_currency`, `amount_needed`. */
export async function addRemedy(
  { db, now }: TogetherDeps,
  actor: Actor,
  ticketId: string,
  body: NewRemedy,
  key: string | undefined,
): Promise<Answer<Remedy>> {
  return db.transaction(async (tx) => {
    await requireTicket(tx, actor, ticketId)
    return withIdempotency(tx, { actor: actor.id, ticketId, key, operation: 'remedy', body }, async () => ({
      status: 201,
      body: await write(tx, now(), actor, ticketId, body),
    }))
  })
}

async function write(tx: Tx, now: Date, actor: Actor, ticketId: string, body: NewRemedy): Promise<Remedy> {
  const ticket = await lockTicket(tx, actor, ticketId)
  if ((await tx.$count(remedies, eq(remedies.ticketId, ticketId))) >= most)
    throw unprocessable('too_many', 'There are too many remedies on this ticket.', { most })
  const [row] = await tx
    .insert(remedies)
    .values({
      id: newId(),
      brandId: ticket.brandId,
      ticketId,
      kind: body.kind,
      ...moneyOf(body.money),
      serialNumber: words(body.serialNumber),
      orderReference: words(body.orderReference),
      note: cleanText(body.note),
      ...moved({ decidedAt: null, carriedOutAt: null }, body.state, now),
      offeredAt: now,
      createdBy: actor.id,
      createdName: actor.name,
      changedBy: actor.id,
      changedName: actor.name,
      changedAt: now,
    })
    .returning()
  requireAmount(row!)
  await recordAct(tx, actor, ticket, 'remedy_added', now, told(row!))
  await writeAudit(tx, actor, 'remedy.added', `remedy:${row!.id}`, { ticketId, ...told(row!) })
  return showRemedy(row!)
}

/** Throws 404, 409 `version_conflict` with the remedy as it is, 422 `unknown_currency`, `amount_needed`. */
export async function changeRemedy(
  { db, now: clock }: TogetherDeps,
  actor: Actor,
  id: string,
  patch: RemedyPatch,
): Promise<Remedy> {
  return db.transaction(async (tx) => {
    const now = clock()
    const seen = and(eq(remedies.id, id), inScope(actor, remedies.brandId))
    const [found] = await tx.select({ ticketId: remedies.ticketId }).from(remedies).where(seen)
    if (!found) throw notFound('remedy')
    const ticket = await lockTicket(tx, actor, found.ticketId)
    const [row] = await tx.select().from(remedies).where(seen).for('update')
    if (!row) throw notFound('remedy')
    if (row.version !== patch.version)
      throw conflict('version_conflict', 'Somebody changed this remedy since you saw it.', { remedy: showRemedy(row) })
    const wanted = {
      ...(patch.money === undefined ? {} : moneyOf(patch.money)),
      ...(patch.serialNumber === undefined ? {} : { serialNumber: words(patch.serialNumber) }),
      ...(patch.orderReference === undefined ? {} : { orderReference: words(patch.orderReference) }),
      ...(patch.note === undefined ? {} : { note: cleanText(patch.note) }),
      ...(patch.state === undefined || patch.state === row.state ? {} : moved(row, patch.state, now)),
    }
    const isSame = Object.entries(wanted).every(([name, value]) => row[name as keyof Row] === value)
    if (isSame) return showRemedy(row)
    const by = { changedBy: actor.id, changedName: actor.name, changedAt: now, version: row.version + 1 }
    const [changed] = await tx
      .update(remedies)
      .set({ ...wanted, ...by })
      .where(eq(remedies.id, id))
      .returning()
    requireAmount(changed!)
    await recordAct(tx, actor, ticket, 'remedy_changed', now, { ...told(changed!), from: row.state })
    await writeAudit(tx, actor, 'remedy.changed', `remedy:${id}`, {
      ticketId: row.ticketId,
      from: told(row),
      to: told(changed!),
    })
    return showRemedy(changed!)
  })
}

/** The dates follow the state; one that is put back forgets what did not happen. */
function moved(row: Pick<Row, 'decidedAt' | 'carriedOutAt'>, state: RemedyState, now: Date) {
  const isDecided = state !== 'offered'
  return {
    state,
    decidedAt: isDecided ? (row.decidedAt ?? now) : null,
    carriedOutAt: state === 'carried_out' ? (row.carriedOutAt ?? now) : null,
  }
}

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

function moneyOf(money: NewRemedy['money']) {
  if (money === null) return { amountMinor: null, currency: null }
  if (!currencies.has(money.currency)) throw unprocessable('unknown_currency', 'There is no such currency.')
  return { amountMinor: money.minor, currency: money.currency }
}

/** Money that was paid out has an amount. */
function requireAmount({ kind, state, amountMinor }: Row): void {
  if (amountMinor === null && state === 'carried_out' && (kind === 'refund' || kind === 'compensation'))
    throw unprocessable('amount_needed', 'Say how much was paid.')
}

const words = (text: string | null) => (text === null || text === '' ? null : cleanText(text))
const told = ({ kind, state, amountMinor, currency }: Row): ActDetail => ({ kind, state, amountMinor, currency })

/** In the order they were offered. */
export async function remediesOf(db: Db | Tx, ticketId: string): Promise<Remedy[]> {
  const rows = await db
    .select()
    .from(remedies)
    .where(eq(remedies.ticketId, ticketId))
    .orderBy(asc(remedies.offeredAt), asc(remedies.id))
  return rows.map(showRemedy)
}

export function showRemedy(row: Row): Remedy {
  const { id, ticketId, kind, serialNumber, orderReference, note, state, version } = row
  const { amountMinor, currency } = row
  return {
    id,
    ticketId,
    kind,
    money: amountMinor === null || currency === null ? null : { minor: amountMinor, currency },
    serialNumber,
    orderReference,
    note,
    state,
    offeredAt: row.offeredAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    carriedOutAt: row.carriedOutAt?.toISOString() ?? null,
    createdBy: { id: row.createdBy, name: row.createdName },
    changedBy: { id: row.changedBy, name: row.changedName },
    changedAt: row.changedAt.toISOString(),
    version,
  }
}

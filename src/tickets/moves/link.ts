/** Tickets that have to do with each other, and what one has to do with others. */
import { sql } from 'drizzle-orm'
import { type Actor, inScope } from '../../auth/actor.ts'
import { writeAudit } from '../../auth/audit.ts'
import type { Db, Tx } from '../../db/client.ts'
import { ticketLinks } from '../../db/schema.ts'
import { appendEvents } from '../../live/append.ts'
import { unprocessable } from '../../problem.ts'
import type { TicketRelations } from '../../wire-moves.ts'
import { requireTicket } from '../lock-ticket.ts'
import { refuseStub, stubOf } from './lock.ts'
import type { MoveDeps } from './merge.ts'

const pair = (a: string, b: string) => (a < b ? { aId: a, bId: b } : { aId: b, bId: a })

/** Twice is once. Throws 404, 409 `ticket_merged`, 422 `same_ticket` and `other_brand`. */
export async function linkTickets(deps: MoveDeps, actor: Actor, id: string, otherId: string): Promise<void> {
  if (id === otherId) throw unprocessable('same_ticket', 'A ticket cannot be linked to itself.')
  await deps.db.transaction(async (tx) => {
    const [one, other] = [await requireTicket(tx, actor, id), await requireTicket(tx, actor, otherId)]
    if (one.brandId !== other.brandId) throw unprocessable('other_brand', 'These tickets are of two brands.')
    for (const { id: each } of [one, other]) await refuseStub(tx, each)
    if (!(await setLink(tx, actor, id, otherId))) return
    await tellBoth(tx, [one, other])
    await writeAudit(tx, actor, 'ticket.linked', `ticket:${id}`, { ticket: otherId, number: other.number })
    await writeAudit(tx, actor, 'ticket.linked', `ticket:${otherId}`, { ticket: id, number: one.number })
  })
  deps.nudge()
}

export async function unlinkTickets(deps: MoveDeps, actor: Actor, id: string, otherId: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const [one, other] = [await requireTicket(tx, actor, id), await requireTicket(tx, actor, otherId)]
    const { aId, bId } = pair(id, otherId)
    const gone = await tx.execute(sql`delete from ticket_links where a_id = ${aId} and b_id = ${bId} returning 1`)
    if (gone.length === 0) return
    await tellBoth(tx, [one, other])
    await writeAudit(tx, actor, 'ticket.unlinked', `ticket:${id}`, { ticket: otherId, number: other.number })
    await writeAudit(tx, actor, 'ticket.unlinked', `ticket:${otherId}`, { ticket: id, number: one.number })
  })
  deps.nudge()
}

/** False: they were linked already. */
export async function setLink(tx: Tx, actor: Actor, id: string, otherId: string): Promise<boolean> {
  const row = { ...pair(id, otherId), byId: actor.id }
  return (await tx.insert(ticketLinks).values(row).onConflictDoNothing().returning()).length > 0
}

async function tellBoth(tx: Tx, both: readonly { id: string; brandId: string; version: number }[]): Promise<void> {
  const type = 'ticket' as const
  await appendEvents(
    tx,
    both.map(({ id: ticketId, brandId, version }) => ({ brandId, type, ticketId, version })),
  )
}

interface OtherRow {
  [column: string]: unknown
  id: string
  number: number
  status: string
  name: string
  preview: string
}
const other = sql`t.id, t.number::float8 as number, t.status, c.name, t.preview`
const show = ({ id, number, status, name, preview }: OtherRow) => ({ id, number, status, name, preview })

/** Throws 404. */
export async function relationsOf(db: Db, actor: Actor, id: string): Promise<TicketRelations> {
  const ticket = await requireTicket(db, actor, id)
  const seen = inScope(actor, sql`t.brand_id`)
  const [mergedInto, moves, links, samePerson] = await Promise.all([
    ticket.status === 'closed' ? stubOf(db, id) : null,
    db.execute<OtherRow & { move_id: string; kind: TicketRelations['moves'][number]['kind']; at: string }>(sql`
      select ${other}, v.id as move_id, v.created_at as at,
        case when v.kind = 'split' and v.into_id = ${id} then 'splitFrom' else v.kind end as kind
      from ticket_moves v join tickets t on t.id = case when v.into_id = ${id} then v.from_id else v.into_id end
      join contacts c on c.id = t.contact_id
      where v.undone_at is null and ((v.kind = 'merge' and v.into_id = ${id})
        or (v.kind = 'split' and ${id} in (v.from_id, v.into_id))) and ${seen}
      order by v.created_at desc, v.id desc limit 50`),
    db.execute<OtherRow>(sql`
      select ${other} from ticket_links l join tickets t on t.id = case when l.a_id = ${id} then l.b_id else l.a_id end
      join contacts c on c.id = t.contact_id
      where ${id} in (l.a_id, l.b_id) and ${seen} order by l.created_at desc limit 50`),
    db.execute<OtherRow>(sql`
      select ${other} from tickets t join contacts c on c.id = t.contact_id
      where t.contact_id = ${ticket.contactId} and t.id <> ${id} and t.status not in ('resolved', 'closed') and ${seen}
      order by t.last_message_at desc limit 10`),
  ])
  return {
    mergedInto,
    moves: moves.map((row) => ({
      id: row.move_id,
      kind: row.kind,
      ticket: show(row),
      at: new Date(row.at).toISOString(),
    })),
    links: links.map(show),
    samePerson: samePerson.map(show),
  }
}

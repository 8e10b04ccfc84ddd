/** One ticket gets back what a change took from it, field by field, where nobody has set it otherwise since. */
import type { Actor } from '../../auth/actor.ts'
import type { AuditDetail } from '../../auth/audit.ts'
import type { Tx } from '../../db/client.ts'
import type { bulkItems } from '../../db/schema.ts'
import { audited, type Changes, writeChanges } from '../change.ts'
import { lockTicket } from '../lock-ticket.ts'
import { isFinished } from '../status.ts'
import { readUnansweredSince } from '../unanswered.ts'

type Stored = Readonly<Record<string, unknown>>

/** False: something was changed since, and stays. Locks the ticket. Throws 404. */
export async function putBack(
  tx: Tx,
  actor: Actor,
  item: Pick<typeof bulkItems.$inferSelect, 'ticketId' | 'before' | 'after'>,
  via: AuditDetail,
): Promise<boolean> {
  const ticket = await lockTicket(tx, actor, item.ticketId)
  const before = (item.before ?? {}) as Stored
  const after = (item.after ?? {}) as Stored
  const present = JSON.parse(JSON.stringify(ticket)) as Stored
  const isOurs = (name: string) => name in after && same(present[name], after[name])
  const back: Record<string, unknown> = {}
  for (const name of audited) if (isOurs(name)) back[name] = readBack(name, before[name])
  if ('status' in back) {
    // The clocks follow the status.
    const finished = isFinished(before.status as Parameters<typeof isFinished>[0])
    back.resolvedAt = finished ? dateOf(before.resolvedAt ?? present.resolvedAt) : null
    if ('unansweredSince' in after || finished !== isFinished(ticket.status)) {
      back.unansweredSince = finished
        ? null
        : isOurs('unansweredSince')
          ? dateOf(before.unansweredSince)
          : await readUnansweredSince(tx, ticket.id)
    }
  } else if (isFinished(ticket.status)) delete back.snoozedUntil
  const changes = Object.fromEntries(
    Object.entries(back).filter(([name, value]) => !same(JSON.parse(JSON.stringify(value)), present[name])),
  ) as Changes
  if (Object.keys(changes).length > 0) await writeChanges(tx, actor, ticket, changes, via)
  return audited.every((name) => !(name in after) || name in back)
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
const dateOf = (value: unknown) => (typeof value === 'string' ? new Date(value) : null)
const readBack = (name: string, value: unknown) => (name === 'snoozedUntil' ? dateOf(value) : (value ?? null))

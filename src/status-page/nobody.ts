/** "Nobody answers me": the ticket becomes more urgent and is marked, and colleagues are told, once a day. */
import { eq } from 'drizzle-orm'
import { systemActor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { raised } from '../automatic/answer.ts'
import type { Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { customerCalls, messages, tickets } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { appendEvents } from '../live/append.ts'
import type { TicketRow } from '../tickets/lock-ticket.ts'
import { searchVector } from '../tickets/search.ts'
import { isFinished } from '../tickets/status.ts'
import { dayOf } from './ticket.ts'

export interface CalledDeps extends Pick<Deps, 'db' | 'now' | 'nudge'> {
  /** Tells the supervisors, in the same transaction. `key` is the same all day. */
  readonly whenCustomerCalls?: (tx: Tx, call: { readonly ticket: TicketRow; readonly key: string }) => Promise<void>
}

/** What supervisors filter by. */
export const calledTag = '没人回复'

const note =
  '客户在进度页上点了“没人回复我”。请主管关注，尽快回复。\nThe customer pressed “Nobody answers me” on the status page.'

/** False: pressed today already, or the ticket is finished. */
export async function callForAnswer(deps: CalledDeps, ticketId: string): Promise<boolean> {
  const now = deps.now()
  const done = await deps.db.transaction(async (tx) => {
    const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, ticketId)).for('update')
    if (!ticket || isFinished(ticket.status)) return false
    const fresh = await tx
      .insert(customerCalls)
      .values({ ticketId, day: dayOf(now), at: now })
      .onConflictDoNothing()
      .returning()
    if (fresh.length === 0) return false
    const version = ticket.version + 1
    const priority = raised(ticket.priority)
    const tags = ticket.tags.includes(calledTag) ? ticket.tags : [...ticket.tags, calledTag]
    await tx.insert(messages).values({
      id: newId(),
      ticketId,
      accountId: ticket.accountId,
      direction: 'note',
      surface: ticket.surface,
      userId: systemActor.id,
      authorName: systemActor.name,
      text: note,
      replyable: false,
      automatic: true,
      sentAt: now,
      receivedAt: now,
      orderedAt: now,
      ticketVersion: version,
      search: searchVector(note),
    })
    await tx.update(tickets).set({ priority, tags, version, snoozedUntil: null }).where(eq(tickets.id, ticketId))
    await appendEvents(tx, [
      { brandId: ticket.brandId, type: 'message', ticketId, version },
      { brandId: ticket.brandId, type: 'ticket', ticketId, version },
    ])
    await writeAudit(tx, systemActor, 'ticket.called', `ticket:${ticketId}`, {
      priority: { from: ticket.priority, to: priority },
    })
    await deps.whenCustomerCalls?.(tx, { ticket, key: `called:${ticketId}:${dayOf(now)}` })
    return true
  })
  if (done) deps.nudge()
  return done
}

import { eq } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import { tickets } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'

/** Due work whose subject is a ticket's id, due when it wakes. */
export const unsnoozeKind = 'unsnooze'

/**
 * Wakes a ticket at its time. One that was woken meanwhile stays as it is; one that was put off again is waited for.
 * Lists go by the time itself, so a late run shows nothing wrong.
 */
export function unsnoozeHandler(deps: { readonly db: Db; readonly now: () => Date; readonly nudge: () => void }) {
  return async (item: { readonly subject: string }): Promise<undefined | { again: Date }> => {
    const result = await deps.db.transaction(async (tx) => {
      const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, item.subject)).for('update')
      if (!ticket?.snoozedUntil) return undefined
      if (ticket.snoozedUntil > deps.now()) return { again: ticket.snoozedUntil }
      const { id, brandId } = ticket
      const version = ticket.version + 1
      await tx.update(tickets).set({ snoozedUntil: null, version }).where(eq(tickets.id, id))
      await appendEvents(tx, [{ brandId, type: 'ticket', ticketId: id, version }])
      return 'woken' as const
    })
    if (result !== 'woken') return result
    deps.nudge()
    return undefined
  }
}

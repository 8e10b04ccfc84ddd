import { and, eq } from 'drizzle-orm'
import { threads, tickets } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { tellCustomerTyping } from '../live/customer-typing.ts'
import type { Hint } from '../live/hint.ts'

/** More often than this says nothing new. */
const everyMs = 3_000

/** A customer types in a thread: told to the desks where it has a ticket. Best effort, and never waited for. */
export function createCustomerTyping({
  db,
  log,
  words,
}: Pick<Deps, 'db' | 'log'> & { readonly words: Pick<Hint, 'tell'> }) {
  const told = new Map<string, number>()

  return (accountId: string, threadId: string): void => {
    const key = `${accountId} ${threadId}`
    const now = performance.now()
    if (now - (told.get(key) ?? -everyMs) < everyMs) return
    for (const [old, at] of told) {
      if (now - at < everyMs) break
      told.delete(old)
    }
    told.delete(key)
    told.set(key, now)
    db.select({ brandId: tickets.brandId, ticketId: tickets.id })
      .from(threads)
      .innerJoin(tickets, eq(tickets.id, threads.currentTicketId))
      .where(and(eq(threads.accountId, accountId), eq(threads.externalId, threadId)))
      .then(
        ([at]) => {
          if (at) tellCustomerTyping(words, at.brandId, at.ticketId)
          // Their first message is about to come: what they type next is news.
          else told.delete(key)
        },
        (error: unknown) => log.debug({ accountId, err: error }, 'that a customer types could not be told'),
      )
  }
}

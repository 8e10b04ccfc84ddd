import { eq } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import { tickets } from '../db/schema.ts'
import type { Deps } from '../deps.ts'

/** A question that a rule prepared is asked by itself, where the account may; an agent has it in the conversation anyway. */
export const askForFacts =
  ({ now }: Pick<Deps, 'now'>) =>
  async (tx: Tx, { ticketId, zh, en }: { readonly ticketId: string; readonly zh: string; readonly en: string }) => {
    const [ticket] = await tx.select({ version: tickets.version }).from(tickets).where(eq(tickets.id, ticketId))
    const payload = { zh, en, version: ticket?.version }
    if (ticket) await followUp(tx, [{ kind: 'automatic.facts', subject: ticketId, dueAt: now(), payload }])
  }

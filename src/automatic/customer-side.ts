/** What the customer of a ticket knows, was told and said, for the agent. */
import { desc, eq } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { automaticMessages, closeReasons, customerCalls, otherParties } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { requireTicket } from '../tickets/lock-ticket.ts'
import type { CustomerSide } from '../wire-automatic.ts'
import { answersOf } from './ask.ts'
import { lookupCode } from './code.ts'
import { statusLink } from './links.ts'

/** Throws 404. */
export async function customerSide(
  deps: Pick<Deps, 'db' | 'seal' | 'config'>,
  actor: Actor,
  ticketId: string,
): Promise<CustomerSide> {
  const { db } = deps
  const ticket = await requireTicket(db, actor, ticketId)
  const [answers, [call], [closed], said] = await Promise.all([
    answersOf(db, ticketId),
    db
      .select({ at: customerCalls.at })
      .from(customerCalls)
      .where(eq(customerCalls.ticketId, ticketId))
      .orderBy(desc(customerCalls.day))
      .limit(1),
    db
      .select({ partyId: otherParties.id, name: otherParties.name, at: closeReasons.at })
      .from(closeReasons)
      .innerJoin(otherParties, eq(otherParties.id, closeReasons.partyId))
      .where(eq(closeReasons.ticketId, ticketId)),
    db
      .select()
      .from(automaticMessages)
      .where(eq(automaticMessages.ticketId, ticketId))
      .orderBy(desc(automaticMessages.createdAt), desc(automaticMessages.id))
      .limit(50),
  ])
  const code = lookupCode(deps.seal, ticket)
  const { solved, satisfaction } = answers
  return {
    code,
    statusUrl: statusLink(deps.config, code) || null,
    solved: solved ? solved.value === 1 : null,
    satisfaction: satisfaction
      ? { score: satisfaction.value, comment: satisfaction.comment, at: satisfaction.at.toISOString() }
      : null,
    calledAt: call?.at.toISOString() ?? null,
    notOurs: closed && ticket.status === 'closed' ? { ...closed, at: closed.at.toISOString() } : null,
    automatic: said.map(({ kind, messageId, skipped, createdAt }) => ({
      kind,
      messageId,
      skipped,
      at: createdAt.toISOString(),
    })),
  }
}

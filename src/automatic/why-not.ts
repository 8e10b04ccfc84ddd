/** Why nothing is said on an occasion. Asked under the locks of thread and ticket. */
import { and, eq, inArray, isNotNull, or, sql } from 'drizzle-orm'
import { refuseReply } from '../channel/refuse.ts'
import { cleanText } from '../channel/text.ts'
import type { Tx } from '../db/client.ts'
import { automaticMessages } from '../db/schema.ts'
import { planParts } from '../outbound/plan.ts'
import { standingOf } from '../outbound/standing.ts'
import { repliesLeft } from '../tickets/admit.ts'
import type { TicketRow } from '../tickets/lock-ticket.ts'
import type { Place } from '../tickets/reply.ts'
import type { AutomaticSettings } from '../wire-automatic.ts'
import { rulesOf } from './kinds.ts'
import type { Occasion } from './speak.ts'

interface Asked {
  readonly occasion: Occasion
  readonly ticket: TicketRow
  readonly place: Place
  readonly settings: AutomaticSettings
  readonly text: string
  readonly now: Date
}

/** Null: say it. `human_queued`: not now. Everything else: not on this occasion. */
export async function whyNot(tx: Tx, asked: Asked): Promise<string | null> {
  const { occasion, place, settings, text, now } = asked
  const rules = rulesOf[occasion.kind]
  const capabilities = place.account.adapter.capabilities
  const surface = capabilities.surfaces[place.thread.surface]
  if (!surface) return 'read_only'
  // It would become somebody's task to say it.
  if (surface.byHand) return 'by_hand'
  if (rules.yields) {
    const human = await humanOf(tx, asked)
    if (human) return human
  }
  if (!occasion.asked && (await saidLately(tx, asked))) return 'too_soon'
  const options = place.inReplyTo ? { inReplyTo: place.inReplyTo } : {}
  const standing = (await standingOf(tx, [place.thread.id], () => capabilities, options)).get(place.thread.id)
  if (!standing) return 'no_conversation'
  const refusal = refuseReply(capabilities, standing, { text, media: [] }, now)
  if (refusal) return refusal.code
  const left = repliesLeft(standing, now)
  const parts = planParts(surface, cleanText(text), []).length
  return left !== null && left - parts < settings.reserve ? 'reserve' : null
}

/**
 * A person's reply that is on its way is waited for; one that was written since, or is to be sent later, has said it
 * already. What never arrived, and never will, says nothing.
 */
async function humanOf(tx: Tx, { occasion, ticket }: Asked): Promise<'human_queued' | 'human_replied' | null> {
  const [row] = await tx.execute<{ queued: boolean; replied: boolean }>(sql`
    select
      exists (select from deliveries d where d.ticket_id = ${ticket.id} and not d.automatic and not d.by_hand
        and d.state in ('queued', 'claimed', 'sending')) as queued,
      exists (select from drafts f where f.ticket_id = ${ticket.id} and f.send_at is not null and f.refused is null)
        or exists (
          select from messages m
          where m.ticket_id = ${ticket.id} and m.direction = 'outbound' and not m.automatic and m.deleted_at is null
            and m.ticket_version > ${occasion.sinceVersion}
            and (not exists (select from deliveries s where s.message_id = m.id)
              or exists (select from deliveries s where s.message_id = m.id and s.state not in ('failed', 'cancelled')))
        ) as replied`)
  if (row?.replied) return 'human_replied'
  return row?.queued ? 'human_queued' : null
}

/** In this conversation, or about this ticket in another. */
async function saidLately(tx: Tx, { occasion, ticket, place, settings, now }: Asked): Promise<boolean> {
  const { sameAs, everyMs } = rulesOf[occasion.kind]
  const spanMs = everyMs(settings)
  if (sameAs.length === 0 || spanMs === 0) return false
  const since = new Date(now.getTime() - spanMs)
  const [row] = await tx
    .select({ id: automaticMessages.id })
    .from(automaticMessages)
    .where(
      and(
        or(eq(automaticMessages.threadId, place.thread.id), eq(automaticMessages.ticketId, ticket.id)),
        inArray(automaticMessages.kind, [...sameAs]),
        isNotNull(automaticMessages.messageId),
        sql`${automaticMessages.createdAt} > ${since.toISOString()}::timestamptz`,
      ),
    )
    .limit(1)
  return row !== undefined
}

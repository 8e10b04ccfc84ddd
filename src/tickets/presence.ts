/** A page of the desk says which ticket it shows, and whether an answer is being written there. */
import { sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { readPresence } from '../live/presence.ts'
import { forbidden } from '../problem.ts'
import type { Presence, PresencePut } from '../wire.ts'
import { requireTicket } from './lock-ticket.ts'

/** Without another report a page counts as closed. */
export const presenceMs = 25_000

export interface PresenceDeps {
  readonly db: Db
  readonly nudge: () => void
}

/**
 * Takes the report and answers who is in the ticket now, oneself among them. Who begins to answer while nobody does holds
 * the ticket; a colleague holds it only by taking it over. Throws 404, and 403 for programs, which look at nothing.
 */
export async function putPresence(
  deps: PresenceDeps,
  actor: Actor,
  page: string,
  put: PresencePut,
): Promise<Presence[]> {
  if (actor.kind !== 'user') throw forbidden()
  const { ticketId } = put
  if (ticketId === null) {
    const left = await deps.db.execute(sql`
      update presence set ticket_id = null, brand_id = null, typing = false, claimed_at = null,
        sequence = ${put.sequence}, expires_at = now() + ${life}
      where user_id = ${actor.id} and page = ${page} and sequence < ${put.sequence} returning page`)
    if (left.length > 0) deps.nudge()
    return []
  }
  const { brandId } = await requireTicket(deps.db, actor, ticketId)
  const typing = put.typing || put.takeOver
  const [row] = await deps.db.execute<{ news: boolean }>(sql`
    with before as materialized (
      select ticket_id, typing, claimed_at from presence
      where user_id = ${actor.id} and page = ${page} and expires_at > now()
    ), after as (
      insert into presence as mine (user_id, page, ticket_id, brand_id, typing, claimed_at, sequence, expires_at)
      values (${actor.id}, ${page}, ${ticketId}, ${brandId}, ${typing},
        case when ${put.takeOver} or (${put.answers} and not exists (
          select from presence other
          where other.ticket_id = ${ticketId} and other.user_id <> ${actor.id}
            and other.claimed_at is not null and other.expires_at > now()
        )) then clock_timestamp() end, ${put.sequence}, now() + ${life})
      on conflict (user_id, page) do update set
        ticket_id = excluded.ticket_id, brand_id = excluded.brand_id, typing = excluded.typing,
        claimed_at = case
          when ${put.takeOver} then excluded.claimed_at
          when not ${put.answers} then null
          when mine.ticket_id = excluded.ticket_id and mine.expires_at > now()
            then coalesce(mine.claimed_at, excluded.claimed_at)
          else excluded.claimed_at
        end,
        sequence = excluded.sequence, expires_at = excluded.expires_at
      where mine.sequence < excluded.sequence
      returning ticket_id, typing, claimed_at
    )
    select (before.ticket_id, before.typing, before.claimed_at)
      is distinct from (after.ticket_id, after.typing, after.claimed_at) as news
    from after left join before on true`)
  // A page that only says it is still there is nobody's news.
  if (row?.news) deps.nudge()
  return (await readPresence(deps.db, ticketId)).get(ticketId)?.people ?? []
}

const life = sql.raw(`interval '${presenceMs} milliseconds'`)

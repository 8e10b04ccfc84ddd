/**
 * Which deliveries a person has to look at, as SQL over a delivery `d` of a ticket `t`. Both ask for the partial index
 * `deliveries_attention` by naming the state.
 */
import { type SQL, sql } from 'drizzle-orm'

/** In doubt, until it is settled or a person writes past it. */
export const needsVerdict: SQL = sql`(d.state = 'unknown' and not d.passed_over)`

/**
 * A person's reply that did not arrive, until somebody acts on it: writes again in that thread, here or in the platform's
 * own app, or finishes the ticket, after it failed. Automatic ones are nobody's words; a dropped one is `cancelled` and not here.
 */
export const needsRescue: SQL = sql`(
  d.state = 'failed' and not d.automatic
  and coalesce(d.settled_at, d.created_at) > coalesce(t.resolved_at, '-infinity')
  and not exists (
    select from deliveries later
    where later.thread_id = d.thread_id and later.created_at > coalesce(d.settled_at, d.created_at)
      and later.message_id <> d.message_id and not later.automatic and later.state <> 'cancelled'
  )
  and not exists (
    select from messages own
    where own.ticket_id = t.id and own.ordered_at > coalesce(d.settled_at, d.created_at) and own.direction = 'outbound'
      and own.thread_id = d.thread_id and not exists (select from deliveries s where s.message_id = own.id)
  )
)`

/**
 * Gives a team's waiting tickets to whoever of it fits and has the fewest. One ticket is given at a time, over all nodes, so
 * that nobody gets more than they can take; and only if nobody took it meanwhile.
 */
import { type SQL, sql } from 'drizzle-orm'
import { systemActor } from '../auth/actor.ts'
import type { Db, Tx } from '../db/client.ts'
import type { DueHandler } from '../db/run-due.ts'
import { agents } from '../db/schema.ts'
import { languageOf } from '../mentions/language.ts'
import { tellPeople } from '../notices/notices.ts'
import { applyPatch } from '../tickets/change.ts'
import { lockTicket, type TicketRow } from '../tickets/lock-ticket.ts'
import { openCount, stateAt } from './agents.ts'

export interface AssignDeps {
  readonly db: Db
  readonly now: () => Date
  readonly nudge: () => void
}

const LOCK = 4_853_010
/** Looked at in one run; the rest waits for the next thing that happens. */
const mostTickets = 500

/** Idempotent. Asks for no other run: whatever makes room, or brings a ticket, asks for one. */
export function assignHandler(deps: AssignDeps): DueHandler {
  return async ({ subject: teamId }, run) => {
    const waiting = await waitingOf(deps.db, teamId, deps.now())
    for (const ticket of waiting) {
      run.signal.throwIfAborted()
      const outcome = await deps.db.transaction((tx) => giveOne(tx, teamId, ticket, deps.now()))
      if (outcome === 'given') deps.nudge()
      if (outcome === 'nobody') return
    }
  }
}

interface Waiting {
  [column: string]: unknown
  id: string
  brand_id: string
  channel: string
  text: string | null
}

/** Most urgent first, then whose promise is due first, then who waits longest. */
async function waitingOf(db: Db, teamId: string, now: Date): Promise<readonly Waiting[]> {
  return db.execute<Waiting>(sql`
    select t.id, t.brand_id, a.channel, (
      select m.text from messages m where m.ticket_id = t.id and m.direction = 'inbound' and m.text <> ''
      order by m.ordered_at desc limit 1
    ) as text
    from teams g join tickets t on t.team_id = g.id or (
      g.takes_new and t.team_id is null and (g.brand_ids is null or t.brand_id = any(g.brand_ids)))
    join accounts a on a.id = t.account_id
    where g.id = ${teamId} and g.auto_assign and ${isFree(now)}
    order by array_position(array['urgent', 'high', 'normal', 'low'], t.priority), (
      select min(c.due_at) from clocks c where c.ticket_id = t.id and c.state = 'running'
    ) nulls last, t.unanswered_since nulls last, t.id
    limit ${mostTickets}`)
}

const isFree = (now: Date): SQL => sql`(
  t.assignee_id is null and t.status in ('new', 'open')
  and (t.snoozed_until is null or t.snoozed_until <= ${now.toISOString()}::timestamptz))`

async function giveOne(tx: Tx, teamId: string, found: Waiting, now: Date): Promise<'given' | 'not' | 'nobody'> {
  await tx.execute(sql`select pg_advisory_xact_lock(${LOCK})`)
  const [room] = await peopleFor(tx, teamId, null, now)
  if (!room) return 'nobody'
  const language = languageOf(found.text ?? '')
  const [person] = await peopleFor(tx, teamId, { ...found, language }, now)
  if (!person) return 'not'
  const ticket = await lockTicket(tx, systemActor, found.id)
  if (!mayBeGiven(ticket, teamId, now)) return 'not'
  await applyPatch(tx, systemActor, ticket, { team: teamId, assignee: person }, now)
  await tx
    .insert(agents)
    .values({ userId: person, givenAt: now })
    .onConflictDoUpdate({ target: agents.userId, set: { givenAt: now } })
  const key = `${ticket.id}:assigned:${ticket.version + 1}`
  await tellPeople(tx, [person], { key, kind: 'assigned', ticket })
  return 'given'
}

/** As it is now that it is locked. */
function mayBeGiven(ticket: TicketRow, teamId: string, now: Date): boolean {
  const isOpen = ticket.status === 'new' || ticket.status === 'open'
  const sleeps = ticket.snoozedUntil !== null && ticket.snoozedUntil > now
  return isOpen && !sleeps && ticket.assigneeId === null && (ticket.teamId === null || ticket.teamId === teamId)
}

/** Who has room, whoever has the fewest first; of those, who was given something longest ago. Null: for anything at all. */
async function peopleFor(
  tx: Tx,
  teamId: string,
  ticket: (Pick<Waiting, 'brand_id' | 'channel'> & { readonly language: string }) | null,
  now: Date,
): Promise<string[]> {
  const fits = ticket
    ? sql`(u.role = 'administrator' or exists (
          select from brand_members b where b.user_id = u.id and b.brand_id = ${ticket.brand_id}))
        and (g.channels is null or ${ticket.channel} = any(g.channels))
        and (${ticket.language} = 'und' or coalesce(g.languages, '{}') = '{}' or ${ticket.language} = any(g.languages))
        and (${ticket.language} = 'und' or s.languages = '{}' or ${ticket.language} = any(s.languages))`
    : sql`true`
  const rows = await tx.execute<{ id: string }>(sql`
    select id from (
      select u.id, g.capacity, g.given_at, ${openCount(now)} as open
      from team_members m join teams s on s.id = m.team_id join auth_user u on u.id = m.user_id
      join agents g on g.user_id = u.id
      where m.team_id = ${teamId} and not u.banned and ${stateAt(now)} = 'online' and ${fits}
    ) p
    where p.capacity is null or p.open < p.capacity
    order by p.open, p.given_at nulls first, p.id limit 1`)
  return rows.map(({ id }) => id)
}

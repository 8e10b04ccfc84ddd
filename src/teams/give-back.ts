/** Tickets whose assignee is not there for them any more go back to their team. */
import { type SQL, sql } from 'drizzle-orm'
import { systemActor } from '../auth/actor.ts'
import type { Db, Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import type { DueHandler } from '../db/run-due.ts'
import { peopleOf } from '../notices/hearers.ts'
import { tellPeople } from '../notices/notices.ts'
import { applyPatch } from '../tickets/change.ts'
import { lockTicket } from '../tickets/lock-ticket.ts'
import { askAssign } from './ask.ts'
import { awayAfterMs } from './away.ts'

/** Due work whose subject is a user's id: look whether their tickets have to go back. */
export const giveBackKind = 'give_back'

/** They went, or came and may go without a word: to be looked at by when the most impatient of their teams wants it. */
export async function askBack(tx: Tx, userId: string, now: Date): Promise<void> {
  const after = await patienceFor(tx, userId)
  if (after === null) return
  await followUp(tx, [{ kind: giveBackKind, subject: userId, dueAt: new Date(now.getTime() + after) }])
}

async function patienceFor(db: Db | Tx, userId: string): Promise<number | null> {
  const [row] = await db.execute<{ ms: number | null }>(sql`
    select min(t.return_after_ms)::float8 as ms from teams t join team_members m on m.team_id = t.id
    where m.user_id = ${userId}`)
  return row?.ms ?? null
}

interface Standing {
  [column: string]: unknown
  gone: boolean
  state: string
  seen_at: string | null
}

/**
 * Of somebody who may not sign in any more: all that is not finished. Of somebody who lost a brand or a team: what is of it.
 * Of somebody away for long: what a customer waits for, of teams that say so. Idempotent; one ticket at a time.
 */
export function giveBackHandler(deps: {
  readonly db: Db
  readonly now: () => Date
  readonly nudge: () => void
}): DueHandler {
  return async ({ subject: userId }) => {
    const now = deps.now()
    const [user] = await deps.db.execute<Standing>(sql`
      select u.banned as gone, coalesce(g.state, 'online') as state, g.seen_at
      from auth_user u left join agents g on g.user_id = u.id where u.id = ${userId}`)
    if (!user) return
    const patience = await patienceFor(deps.db, userId)
    const seenAt = user.seen_at === null ? 0 : Date.parse(user.seen_at)
    // Away by their own word from then on; by absence a little after the desk was last open.
    const awayMs = now.getTime() - seenAt - (user.state === 'away' ? 0 : awayAfterMs)
    const isLong = patience !== null && awayMs >= patience
    const ids = await mineOf(
      deps.db,
      userId,
      user.gone ? sql`true` : isLong ? sql`(${lost(userId)} or ${waits})` : lost(userId),
    )
    for (const id of ids) await giveBack(deps, id, userId, now)
    if (user.gone || patience === null || isLong) return
    return { again: new Date(Math.max(now.getTime() + 60_000, now.getTime() + patience - awayMs)) }
  }
}

const lost = (userId: string): SQL => sql`(
  not exists (select from auth_user u where u.id = ${userId} and (u.role = 'administrator' or exists (
    select from brand_members b where b.user_id = u.id and b.brand_id = t.brand_id)))
  or exists (select from teams m where m.id = t.team_id and m.auto_assign and not exists (
    select from team_members x where x.team_id = m.id and x.user_id = ${userId})))`

const waits: SQL = sql`(t.unanswered_since is not null and exists (
  select from teams m where m.id = t.team_id and m.return_after_ms is not null))`

async function mineOf(db: Db, userId: string, which: SQL): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`
    select t.id from tickets t
    where t.assignee_id = ${userId} and t.status not in ('resolved', 'closed') and ${which} order by t.id`)
  return rows.map(({ id }) => id)
}

async function giveBack(
  deps: { readonly db: Db; readonly nudge: () => void },
  ticketId: string,
  userId: string,
  now: Date,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const ticket = await lockTicket(tx, systemActor, ticketId)
    // Somebody took it meanwhile.
    if (ticket.assigneeId !== userId) return
    const changed = await applyPatch(tx, systemActor, ticket, { assignee: null }, now)
    // Whose it is now they should know: the team's, or where there is none the supervisors'.
    const people = await peopleOf(tx, { ...ticket, ...changed }, ['team', 'assignee'])
    const others = people.filter((id) => id !== userId)
    const key = `${ticketId}:given_back:${ticket.version + 1}`
    await tellPeople(tx, others, { key, kind: 'given_back', ticket })
    if (ticket.teamId) await askAssign(tx, [ticket.teamId], now)
  })
  deps.nudge()
}

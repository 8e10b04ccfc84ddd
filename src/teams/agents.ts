/** Who is here, what they can take, and how much they have. */
import { sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { listColleagues } from '../auth/users.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { agents } from '../db/schema.ts'
import { forbidden, notFound } from '../problem.ts'
import type { Agent, AgentPut, AgentState } from '../wire.ts'
import { askForPerson } from './ask.ts'
import { awayAfterMs } from './away.ts'
import { askBack } from './give-back.ts'

/** As SQL over `agents g`, which may be missing. */
export const stateAt = (now: Date) => sql<AgentState>`case
  when g.seen_at is null or g.seen_at < ${now.toISOString()}::timestamptz - ${awayAfterMs} * interval '1 millisecond' then 'away'
  else g.state end`

/** Open tickets of `u`. Snoozed ones, and those that wait for somebody else, leave room. */
export const openCount = (now: Date) => sql<number>`(
  select count(*)::int from tickets o where o.assignee_id = u.id and o.status in ('new', 'open')
    and (o.snoozed_until is null or o.snoozed_until <= ${now.toISOString()}::timestamptz))`

/** The colleagues the actor knows, by name. */
export async function listAgents(db: Db, actor: Actor, now: Date): Promise<Agent[]> {
  const colleagues = await listColleagues(db, actor)
  if (colleagues.length === 0) return []
  const rows = await db.execute<Omit<Agent, 'name'> & { [column: string]: unknown }>(sql`
    select u.id, ${stateAt(now)} as state, to_json(coalesce(g.languages, '{}')) as languages, to_json(g.channels) as channels,
      g.capacity, ${openCount(now)} as open
    from auth_user u left join agents g on g.user_id = u.id
    where u.id in ${colleagues.map(({ id }) => id)}`)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return colleagues.flatMap(({ id, name }) => {
    const row = byId.get(id)
    if (!row) return []
    const { state, languages, channels, capacity, open } = row
    return [{ id, name, state, languages, channels, capacity, open }]
  })
}

/** One's own word. Throws 403 for programs. */
export async function setState(db: Db, actor: Actor, now: Date, state: AgentState): Promise<void> {
  if (actor.kind !== 'user') throw forbidden()
  await db.transaction(async (tx) => {
    await tx
      .insert(agents)
      .values({ userId: actor.id, state, seenAt: now })
      .onConflictDoUpdate({ target: agents.userId, set: { state, seenAt: now } })
    await tellColleagues(tx, [actor.id])
    if (state === 'online') await askForPerson(tx, [actor.id], now)
    if (state === 'away') await askBack(tx, actor.id, now)
  })
}

/** Throws 404 for somebody the actor does not know. */
export async function setAgent(db: Db, actor: Actor, now: Date, userId: string, put: AgentPut): Promise<Agent> {
  const known = await listColleagues(db, actor)
  if (!known.some(({ id }) => id === userId)) throw notFound('user')
  const values = {
    languages: [...new Set(put.languages)].sort(),
    channels: put.channels && [...new Set(put.channels.map(cleanText))].sort(),
    capacity: put.capacity,
  }
  await db.transaction(async (tx) => {
    await tx
      .insert(agents)
      .values({ userId, ...values })
      .onConflictDoUpdate({ target: agents.userId, set: values })
    await writeAudit(tx, actor, 'agent.changed', `user:${userId}`, values)
    await tellColleagues(tx, [userId])
    await askForPerson(tx, [userId], now)
  })
  const agent = (await listAgents(db, actor, now)).find(({ id }) => id === userId)
  if (!agent) throw notFound('user')
  return agent
}

/**
 * Their desk is open now. Those who were away are here again: their colleagues hear of it, and there may be work for them.
 */
export async function seen(db: Db, userIds: readonly string[], now: Date): Promise<boolean> {
  if (userIds.length === 0) return false
  const rows = await db.execute<{ id: string; was_away: boolean }>(sql`
    with before as (select user_id, seen_at from agents where user_id in ${[...userIds]}),
    after as (
      insert into agents (user_id, seen_at) select id, ${now.toISOString()}::timestamptz from auth_user where id in ${[...userIds]}
      on conflict (user_id) do update set seen_at = greatest(agents.seen_at, excluded.seen_at)
      returning user_id
    )
    select a.user_id as id, b.seen_at is null
      or b.seen_at < ${now.toISOString()}::timestamptz - ${awayAfterMs} * interval '1 millisecond' as was_away
    from after a left join before b on b.user_id = a.user_id`)
  const back = rows.filter((row) => row.was_away).map(({ id }) => id)
  if (back.length === 0) return false
  await db.transaction(async (tx) => {
    await tellColleagues(tx, back)
    await askForPerson(tx, back, now)
    for (const id of back) await askBack(tx, id, now)
  })
  return true
}

/** One event for each brand in which they are seen. */
async function tellColleagues(tx: Tx, userIds: readonly string[]): Promise<void> {
  await tx.execute(sql`
    insert into events (brand_id, type)
    select b.id, 'agent' from brands b where exists (
      select from auth_user u where u.id in ${[...userIds]} and (u.role = 'administrator' or exists (
        select from brand_members m where m.user_id = u.id and m.brand_id = b.id)))`)
}

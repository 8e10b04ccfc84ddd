import { sql } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import type { tickets } from '../db/schema.ts'

type Of<K extends 'brandId' | 'teamId' | 'assigneeId'> = Pick<typeof tickets.$inferSelect, K>
export type Hearer = 'assignee' | 'team' | 'supervisor'

/** Who is meant. Where nobody has the ticket its team is, where there is no team the supervisors: somebody always hears. */
export async function peopleOf(
  tx: Tx,
  ticket: Of<'brandId' | 'teamId' | 'assigneeId'>,
  hearers: readonly Hearer[],
): Promise<string[]> {
  const people: string[] = []
  let missing = false
  if (hearers.includes('assignee')) {
    if (ticket.assigneeId) people.push(ticket.assigneeId)
    else missing = true
  }
  if (hearers.includes('team') || missing) {
    const members = ticket.teamId ? await membersOf(tx, ticket.teamId) : []
    people.push(...members)
    missing = members.length === 0
  }
  if (hearers.includes('supervisor') || missing) people.push(...(await supervisorsOf(tx, ticket)))
  return [...new Set(people)]
}

/** A team without members who see the brand has nobody to hear: then its supervisors do. */
export async function teamOrSupervisors(tx: Tx, brandId: string, teamId: string): Promise<string[]> {
  const members = await tx.execute<{ id: string }>(sql`
    select u.id from team_members m join auth_user u on u.id = m.user_id
    where m.team_id = ${teamId} and not u.banned and (u.role = 'administrator' or exists (
      select from brand_members b where b.user_id = u.id and b.brand_id = ${brandId}))`)
  return members.length > 0 ? members.map(({ id }) => id) : supervisorsOf(tx, { brandId, teamId })
}

async function membersOf(tx: Tx, teamId: string): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`select user_id as id from team_members where team_id = ${teamId}`)
  return rows.map(({ id }) => id)
}

/**
 * The team's supervisors where it has some, else the brand's, else the administrators; whoever has the fewest open tickets
 * comes first.
 */
export async function supervisorsOf(tx: Tx, { brandId, teamId }: Of<'brandId' | 'teamId'>): Promise<string[]> {
  const rows = await tx.execute<{ id: string; rank: number }>(sql`
    select u.id, case when exists (
        select from team_members m where m.user_id = u.id and m.team_id = ${teamId}::uuid
      ) and u.role = 'supervisor' then 0 when u.role = 'supervisor' then 1 else 2 end as rank
    from auth_user u
    where not u.banned and (u.role = 'administrator' or (u.role = 'supervisor' and exists (
      select from brand_members b where b.user_id = u.id and b.brand_id = ${brandId})))
    order by rank, (
      select count(*) from tickets t where t.assignee_id = u.id and t.status in ('new', 'open')
    ), u.id`)
  const best = rows[0]?.rank
  return rows.filter(({ rank }) => rank === best).map(({ id }) => id)
}

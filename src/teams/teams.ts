/** Teams and who is in them. Changed by supervisors who see every brand of the team. */
import { asc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { type Actor, mayActAs } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { requireBrands } from '../auth/brands.ts'
import { cleanText } from '../channel/text.ts'
import { type Db, databaseCode, type Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import { newId } from '../db/id.ts'
import { authUser, teamMembers, teams } from '../db/schema.ts'
import { conflict, forbidden, notFound, unprocessable } from '../problem.ts'
import type { NewTeam, Team } from '../wire.ts'
import { askAssign } from './ask.ts'
import { giveBackKind } from './give-back.ts'

type Row = typeof teams.$inferSelect

/** Those that take tickets of a brand the actor sees, by name. */
export async function listTeams(db: Db | Tx, actor: Actor, where: SQL = sql`true`): Promise<Team[]> {
  const rows = await db
    .select({
      team: teams,
      members: sql<Team['members']>`coalesce((
        select json_agg(json_build_object('id', u.id, 'name', u.name) order by u.name, u.id)
        from team_members m join auth_user u on u.id = m.user_id where m.team_id = teams.id
      ), '[]')`,
    })
    .from(teams)
    .where(sql`${seen(actor)} and ${where}`)
    .orderBy(asc(teams.name), asc(teams.id))
  return rows.map(({ team, members }) => show(team, members, actor))
}

/** Throws 403, 409 `team_taken`, 422 `unknown_brand`, `unknown_user`. */
export async function addTeam(db: Db, actor: Actor, now: Date, wanted: NewTeam): Promise<Team> {
  return keepUnique(() =>
    db.transaction(async (tx) => {
      const values = await valuesOf(tx, actor, wanted)
      const id = newId()
      await tx.insert(teams).values({ id, ...values })
      await replaceMembers(tx, id, values.brandIds, wanted.memberIds, now)
      await askAssign(tx, [id], now)
      await writeAudit(tx, actor, 'team.added', `team:${id}`, detailOf(values, wanted))
      return readTeam(tx, actor, id)
    }),
  )
}

/** Replaces it. Throws also 404. */
export async function changeTeam(db: Db, actor: Actor, now: Date, id: string, wanted: NewTeam): Promise<Team> {
  return keepUnique(() =>
    db.transaction(async (tx) => {
      await requireTeam(tx, actor, id, true)
      const values = await valuesOf(tx, actor, wanted)
      await tx.update(teams).set(values).where(eq(teams.id, id))
      await replaceMembers(tx, id, values.brandIds, wanted.memberIds, now)
      await askAssign(tx, [id], now)
      await writeAudit(tx, actor, 'team.changed', `team:${id}`, detailOf(values, wanted))
      return readTeam(tx, actor, id)
    }),
  )
}

/** Its tickets stay, with no team. Throws 403, 404. */
export async function deleteTeam(db: Db, actor: Actor, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    await requireTeam(tx, actor, id)
    // First the tickets, then the team, as everywhere; and so that desks that show one of them hear of it.
    await tx.execute(sql`
      with freed as (
        update tickets set team_id = null, version = version + 1 where team_id = ${id} returning id, brand_id, version, status
      )
      insert into events (brand_id, type, ticket_id, version)
      select brand_id, 'ticket', id, version from freed where status not in ('resolved', 'closed')`)
    await tx.delete(teams).where(eq(teams.id, id))
    await writeAudit(tx, actor, 'team.deleted', `team:${id}`)
  })
}

async function readTeam(tx: Tx, actor: Actor, id: string): Promise<Team> {
  const [team] = await listTeams(tx, actor, eq(teams.id, id))
  if (!team) throw notFound('team')
  return team
}

/** Throws 404 for one the actor does not see, 403 for one that is not theirs to change. */
async function requireTeam(tx: Tx, actor: Actor, id: string, lock = false): Promise<void> {
  const query = tx
    .select()
    .from(teams)
    .where(sql`${eq(teams.id, id)} and ${seen(actor)}`)
  const [row] = await (lock ? query.for('no key update') : query)
  if (!row) throw notFound('team')
  if (!mayChange(actor, row.brandIds)) throw forbidden()
}

async function valuesOf(tx: Tx, actor: Actor, wanted: NewTeam) {
  const brandIds = wanted.brandIds && (await requireBrands(tx, wanted.brandIds))
  if (!mayChange(actor, brandIds)) throw forbidden()
  const { autoAssign, takesNew, returnAfterMs } = wanted
  const languages = [...new Set(wanted.languages)].sort()
  return { name: cleanText(wanted.name), brandIds, languages, autoAssign, takesNew, returnAfterMs }
}

/** Members see one of the team's brands: what they are given they must be able to open. */
async function replaceMembers(
  tx: Tx,
  teamId: string,
  brandIds: readonly string[] | null,
  userIds: readonly string[],
  now: Date,
): Promise<void> {
  const wanted = [...new Set(userIds)].sort()
  const brands = brandIds && `{${brandIds.join(',')}}`
  const found = await tx
    .select({ id: authUser.id })
    .from(authUser)
    .where(
      sql`${inArray(authUser.id, wanted)} and (${authUser.role} = 'administrator' or exists (
        select from brand_members b
        where b.user_id = ${authUser.id} and (${brands}::uuid[] is null or b.brand_id = any(${brands}::uuid[]))
      ))`,
    )
  if (found.length < wanted.length) {
    throw unprocessable('unknown_user', 'Only people who see one of its brands can be in a team.')
  }
  const gone = await tx.delete(teamMembers).where(eq(teamMembers.teamId, teamId)).returning()
  const left = gone.filter(({ userId }) => !wanted.includes(userId))
  await followUp(
    tx,
    left.map(({ userId }) => ({ kind: giveBackKind, subject: userId, dueAt: now })),
  )
  if (wanted.length > 0) await tx.insert(teamMembers).values(wanted.map((userId) => ({ teamId, userId })))
}

const seen = (actor: Actor): SQL =>
  actor.brandIds === null
    ? sql`true`
    : sql`(${teams.brandIds} is null or ${teams.brandIds} && ${`{${actor.brandIds.join(',')}}`}::uuid[])`

function mayChange(actor: Actor, brandIds: readonly string[] | null): boolean {
  if (!mayActAs(actor, 'supervisor')) return false
  return actor.brandIds === null || (brandIds?.every((id) => actor.brandIds?.includes(id)) ?? false)
}

const detailOf = ({ name: _, ...values }: Omit<Row, 'id' | 'createdAt'>, { memberIds }: NewTeam) => ({
  ...values,
  memberIds,
})

async function keepUnique<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (databaseCode(error) === '23505') throw conflict('team_taken', 'Another team has this name.')
    throw error
  }
}

/** A brand the actor does not see is not named. */
function show(row: Row, members: Team['members'], actor: Actor): Team {
  const { id, name, languages, autoAssign, takesNew, returnAfterMs } = row
  const brandIds = row.brandIds?.filter((brand) => actor.brandIds === null || actor.brandIds.includes(brand)) ?? null
  const how = { autoAssign, takesNew, returnAfterMs }
  return { id, name, brandIds, languages, ...how, members, mine: mayChange(actor, row.brandIds) }
}

import { and, eq, sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/client.ts'
import { teamMembers, teams } from '../db/schema.ts'
import { unprocessable } from '../problem.ts'

/**
 * The team a ticket is given to. It cannot be deleted until the transaction is over. Throws 422 `team_unknown`: the same
 * answer for none and for one that does not take this brand's tickets.
 */
export async function teamOf(
  tx: Tx,
  ticket: { readonly brandId: string; readonly teamId: string | null },
  wanted: string | null,
): Promise<string | null> {
  if (wanted === null || wanted === ticket.teamId) return wanted
  const takesIt = sql`(${teams.brandIds} is null or ${ticket.brandId}::uuid = any(${teams.brandIds}))`
  const [team] = await tx
    .select({ id: teams.id })
    .from(teams)
    .where(and(eq(teams.id, wanted), takesIt))
    .for('key share')
  if (!team) throw unprocessable('team_unknown', 'No team of that name takes tickets of this brand.')
  return team.id
}

/** Nobody is in no team, and everybody is where there is none. */
export async function isInTeam(db: Db | Tx, teamId: string | null, userId: string | null): Promise<boolean> {
  if (teamId === null) return true
  if (userId === null) return false
  return (await db.$count(teamMembers, and(eq(teamMembers.teamId, teamId), eq(teamMembers.userId, userId)))) > 0
}

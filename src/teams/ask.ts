import { sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'

/** Due work whose subject is a team's id: somebody of it may have room, or a ticket of it waits. */
export const assignKind = 'assign'

/** Of these teams, those that give out tickets by themselves. */
export async function askAssign(tx: Tx, teamIds: readonly string[], now: Date): Promise<void> {
  if (teamIds.length === 0) return
  const rows = await tx.execute<{ id: string }>(sql`
    select id from teams where auto_assign and id = any(${`{${teamIds.join(',')}}`}::uuid[])`)
  await followUp(
    tx,
    rows.map(({ id }) => ({ kind: assignKind, subject: id, dueAt: now })),
  )
}

/** Somebody came, or has room again. */
export async function askForPerson(db: Db | Tx, userIds: readonly string[], now: Date): Promise<void> {
  if (userIds.length === 0) return
  await db.transaction(async (tx) => {
    const rows = await tx.execute<{ id: string }>(sql`
      select distinct team_id as id from team_members where user_id in ${[...userIds]}`)
    await askAssign(
      tx,
      rows.map(({ id }) => id),
      now,
    )
  })
}

/** The people of the desk, as administrators see and change them. */
import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import { authSession, authUser, brandMembers } from '../db/schema.ts'
import { conflict, notFound } from '../problem.ts'
import { type Colleague, Role, type User, type UserPatch } from '../wire.ts'
import { type Actor, inScope } from './actor.ts'
import { writeAudit } from './audit.ts'
import { giveBrands } from './create-user.ts'
import { hash, storePassword } from './passwords.ts'
import { randomCode } from './random-code.ts'

export async function listUsers(db: Db | Tx, where?: SQL): Promise<User[]> {
  const rows = await db
    .select({
      id: authUser.id,
      name: authUser.name,
      email: authUser.email,
      role: authUser.role,
      disabled: authUser.banned,
      createdAt: authUser.createdAt,
      brandIds: sql<string[]>`array(select brand_id::text from brand_members where user_id = auth_user.id order by 1)`,
    })
    .from(authUser)
    .where(where)
    .orderBy(asc(authUser.name), asc(authUser.id))
  return rows.map((row) => {
    const role = Role.parse(row.role)
    const brandIds = role === 'administrator' ? null : row.brandIds
    return { ...row, role, brandIds, createdAt: row.createdAt.toISOString() }
  })
}

export async function readUser(db: Db | Tx, id: string): Promise<User> {
  const [user] = await listUsers(db, eq(authUser.id, id))
  if (!user) throw notFound('user')
  return user
}

/**
 * Changes take effect with the next request of the user, and on open streams within seconds. Throws 409
 * `last_administrator` when nobody would be left to undo it.
 */
export async function changeUser(db: Db, actor: Actor, id: string, patch: UserPatch): Promise<User> {
  return db.transaction(async (tx) => {
    const administrators = await lockAdministrators(tx)
    const [row] = await tx.select().from(authUser).where(eq(authUser.id, id)).for('update')
    if (!row) throw notFound('user')
    const role = patch.role ?? Role.parse(row.role)
    const disabled = patch.disabled ?? row.banned
    const stays = role === 'administrator' && !disabled
    if (!stays && administrators.every((administrator) => administrator === id) && administrators.length > 0) {
      throw conflict('last_administrator', 'This is the last administrator: make another one first.')
    }
    await tx
      .update(authUser)
      .set({ role, banned: disabled, updatedAt: new Date(), ...(patch.name ? { name: cleanText(patch.name) } : {}) })
      .where(eq(authUser.id, id))
    const demoted = row.role === 'administrator' && role !== 'administrator'
    if (patch.brandIds || role === 'administrator') await tx.delete(brandMembers).where(eq(brandMembers.userId, id))
    if (patch.brandIds || demoted) await giveBrands(tx, id, role, patch.brandIds)
    if (disabled) await endSessions(tx, id)
    // What they have goes back to its teams, where they cannot see to it any more; at once, by any clock.
    if (disabled || patch.brandIds) await followUp(tx, [{ kind: 'give_back', subject: id, dueAt: new Date(0) }])
    const { name, ...detail } = patch
    await writeAudit(tx, actor, 'user.changed', `user:${id}`, { ...detail, ...(name ? { renamed: true } : {}) })
    return readUser(tx, id)
  })
}

/** Two administrators who demote each other at once: the second waits here, and then finds only itself. */
async function lockAdministrators(tx: Tx): Promise<string[]> {
  const rows = await tx
    .select({ id: authUser.id })
    .from(authUser)
    .where(and(eq(authUser.role, 'administrator'), eq(authUser.banned, false)))
    .orderBy(asc(authUser.id))
    .for('update')
  return rows.map((row) => row.id)
}

/** A new password, made here and answered once. Ends the user's sessions. */
export async function resetPassword(db: Db, actor: Actor, id: string): Promise<string> {
  const password = randomCode(4)
  const passwordHash = await hash(password)
  await db.transaction(async (tx) => {
    const [row] = await tx.select({ id: authUser.id }).from(authUser).where(eq(authUser.id, id)).for('update')
    if (!row) throw notFound('user')
    await storePassword(tx, id, passwordHash)
    await endSessions(tx, id)
    await writeAudit(tx, actor, 'user.password_reset', `user:${id}`)
  })
  return password
}

/** Signs somebody out everywhere; they may come back in. Throws 404. */
export async function signOutEverywhere(db: Db, actor: Actor, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const [row] = await tx.select({ id: authUser.id }).from(authUser).where(eq(authUser.id, id)).for('update')
    if (!row) throw notFound('user')
    await endSessions(tx, id)
    await writeAudit(tx, actor, 'user.signed_out', `user:${id}`)
  })
}

export async function endSessions(tx: Tx, userId: string): Promise<void> {
  await tx.delete(authSession).where(eq(authSession.userId, userId))
}

/** Who a ticket can be given to: everybody enabled who sees one of the actor's brands, or the one asked for. */
export async function listColleagues(db: Db, actor: Actor, brandId?: string): Promise<Colleague[]> {
  const seesOne = db
    .select({ userId: brandMembers.userId })
    .from(brandMembers)
    .where(and(inScope(actor, brandMembers.brandId), brandId ? eq(brandMembers.brandId, brandId) : undefined))
  // Somebody else's brand has no colleagues, not even the administrators who see it.
  if (brandId && actor.brandIds && !actor.brandIds.includes(brandId)) return []
  const rows = await db
    .select({ id: authUser.id, name: authUser.name, role: authUser.role })
    .from(authUser)
    .where(
      and(
        eq(authUser.banned, false),
        sql`(${eq(authUser.role, 'administrator')} or ${everyone(actor, brandId)} or ${inArray(authUser.id, seesOne)})`,
      ),
    )
    .orderBy(asc(authUser.name), asc(authUser.id))
  return rows.map((row) => ({ ...row, role: Role.parse(row.role) }))
}

/** Who sees every brand and asks for none in particular also sees colleagues who were given none yet. */
const everyone = (actor: Actor, brandId?: string) => (actor.brandIds === null && !brandId ? sql`true` : sql`false`)

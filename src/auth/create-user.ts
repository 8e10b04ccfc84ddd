import { cleanText } from '../channel/text.ts'
import { type Db, databaseCode, type Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { authUser, brandMembers } from '../db/schema.ts'
import { conflict } from '../problem.ts'
import { NewUser } from '../wire.ts'
import type { Actor } from './actor.ts'
import { writeAudit } from './audit.ts'
import { defaultBrandId, requireBrands } from './brands.ts'
import { hash, refuseWeak, storePassword } from './passwords.ts'
import { randomCode } from './random-code.ts'

/**
 * For the API and the command line. `password` is the one that was made when none was given: shown once, kept nowhere.
 * Throws `Refused` 409 `email_taken`, 422 `password_too_weak` or `unknown_brand`; a ZodError when the input is malformed.
 */
export async function createUser(
  db: Db,
  actor: Actor,
  input: NewUser,
): Promise<{ readonly id: string; readonly password: string | null }> {
  const user = NewUser.parse(input)
  if (user.password !== undefined) refuseWeak(user.password, user.email)
  const made = user.password === undefined ? randomCode(4) : null
  const passwordHash = await hash(user.password ?? made!)
  const id = await unlessTaken(() => db.transaction((tx) => insertUser(tx, actor, { ...user, passwordHash })))
  return { id, password: made }
}

export interface UserRow {
  readonly name: string
  readonly email: string
  readonly role: NewUser['role']
  readonly brandIds?: readonly string[] | undefined
  readonly passwordHash: string
}

/** Writes user, password, brands and audit. A second user with the address violates the unique index. */
export async function insertUser(tx: Tx, actor: Actor | null, user: UserRow): Promise<string> {
  const id = newId()
  await tx.insert(authUser).values({
    id,
    name: cleanText(user.name),
    email: user.email,
    emailVerified: true,
    role: user.role,
  })
  await storePassword(tx, id, user.passwordHash)
  const brandIds = await giveBrands(tx, id, user.role, user.brandIds)
  await writeAudit(tx, actor ?? { id }, 'user.created', `user:${id}`, { role: user.role, brandIds })
  return id
}

/** Makes the user's brands exactly these: none for administrators, the default brand when nothing is said. */
export async function giveBrands(
  tx: Tx,
  userId: string,
  role: NewUser['role'],
  given: readonly string[] | undefined,
): Promise<readonly string[] | null> {
  if (role === 'administrator') return null
  const fallback = given ? null : await defaultBrandId(tx)
  const brandIds = given ? await requireBrands(tx, given) : fallback ? [fallback] : []
  if (brandIds.length > 0) {
    await tx
      .insert(brandMembers)
      .values(brandIds.map((brandId) => ({ brandId, userId })))
      .onConflictDoNothing()
  }
  return brandIds
}

export async function unlessTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (databaseCode(error) === '23505') throw conflict('email_taken', 'Somebody with this e-mail address exists.')
    throw error
  }
}

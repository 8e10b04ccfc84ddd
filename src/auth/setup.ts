/**
 * The first visit. While there is no user, every start makes a code and prints it; who can read the server's output may
 * use it once to become the administrator. Only a keyed hash of it is stored.
 */
import { timingSafeEqual } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '../db/client.ts'
import { authUser, installation } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { conflict, Refused } from '../problem.ts'
import type { Setup } from '../wire.ts'
import { insertUser } from './create-user.ts'
import { hash, refuseWeak } from './passwords.ts'
import { normaliseCode, randomCode } from './random-code.ts'

const key = 'setup_code'
const lifeMs = 24 * 3_600_000
const Stored = z.object({ hash: z.string(), expiresAt: z.iso.datetime() })

type SetupDeps = Pick<Deps, 'db' | 'seal' | 'now'>

/** Makes a new code, which replaces an earlier one; null when there is a user already. For `main` to print. */
export async function setupCode({ db, seal, now }: SetupDeps): Promise<string | null> {
  return db.transaction(async (tx) => {
    await lockSetup(tx)
    if (!(await isSetupNeeded(tx))) {
      await tx.delete(installation).where(eq(installation.key, key))
      return null
    }
    const code = randomCode(3)
    const value = JSON.stringify({
      hash: hashOf(seal, code).toString('hex'),
      expiresAt: new Date(now().getTime() + lifeMs).toISOString(),
    })
    await tx
      .insert(installation)
      .values({ key, value })
      .onConflictDoUpdate({ target: installation.key, set: { value } })
    return code
  })
}

export async function isSetupNeeded(db: Db | Tx): Promise<boolean> {
  const rows = await db.select({ id: authUser.id }).from(authUser).limit(1)
  return rows.length === 0
}

/**
 * Makes the administrator. Throws 409 `already_set_up`, 403 `setup_code_wrong` or `setup_code_expired`. Of two at once
 * with the right code one wins: the lock is held until the user is there.
 */
export async function completeSetup(deps: SetupDeps, input: Setup): Promise<string> {
  refuseWeak(input.password, input.email)
  // Looked at twice: here, so that guessing costs us no password hash; and under the lock, where it counts.
  await checkCode(deps.db, deps, input.code)
  const passwordHash = await hash(input.password)
  return deps.db.transaction(async (tx) => {
    await lockSetup(tx)
    await checkCode(tx, deps, input.code)
    const { name, email } = input
    const id = await insertUser(tx, null, { name, email, role: 'administrator', passwordHash })
    await tx.delete(installation).where(eq(installation.key, key))
    return id
  })
}

async function checkCode(db: Db | Tx, { seal, now }: SetupDeps, typed: string): Promise<void> {
  if (!(await isSetupNeeded(db))) throw conflict('already_set_up', 'Huixin is set up already: sign in.')
  const [row] = await db.select().from(installation).where(eq(installation.key, key))
  const stored = row ? Stored.parse(JSON.parse(row.value)) : null
  const expected = stored ? Buffer.from(stored.hash, 'hex') : Buffer.alloc(32)
  if (!timingSafeEqual(hashOf(seal, typed), expected)) {
    throw new Refused(403, 'setup_code_wrong', 'This is not the code that was printed at the last start.')
  }
  if (!stored || new Date(stored.expiresAt) <= now()) {
    throw new Refused(403, 'setup_code_expired', 'The code is older than a day: restart Huixin for a new one.')
  }
}

const hashOf = (seal: SetupDeps['seal'], code: string) => seal.hash(`setup:${normaliseCode(code)}`)

const lockSetup = (tx: Tx) => tx.execute(sql`select pg_advisory_xact_lock(hashtext('huixin setup'))`)

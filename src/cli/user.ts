import { systemActor } from '../auth/actor.ts'
import { createUser } from '../auth/create-user.ts'
import type { Role } from '../wire.ts'
import { findBrands } from './brand.ts'
import { print, withHouse } from './house.ts'
import { readStdin } from './stdin.ts'

export interface UserOptions {
  readonly email: string
  readonly role: Role
  readonly name?: string
  readonly brand?: readonly string[]
  readonly passwordStdin?: boolean
}

export async function addUser(options: UserOptions): Promise<void> {
  const { email, role, name = email.split('@')[0] || email } = options
  const password = options.passwordStdin ? await readStdin('password') : undefined
  await withHouse(async ({ database: { db } }) => {
    const brandIds = options.brand && (await findBrands(db, options.brand))
    const user = {
      email,
      role,
      name,
      ...(password === undefined ? {} : { password }),
      ...(brandIds ? { brandIds } : {}),
    }
    const created = await createUser(db, systemActor, user)
    print(`${email} can sign in as ${role}.`)
    if (created.password !== null) print(`One-time password, shown once:\n${created.password}`)
  })
}

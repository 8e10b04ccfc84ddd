import { hashPassword } from 'better-auth/crypto'
import { and, eq } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { authAccount } from '../db/schema.ts'
import { unprocessable } from '../problem.ts'

/** scrypt, about 60 ms of one core on the thread pool: make it before a transaction begins, not inside. */
export const hash = hashPassword

/** Length is checked by the schema; this refuses what length does not help. */
export function refuseWeak(password: string, email: string): void {
  const plain = password.toLowerCase()
  const [local = ''] = email.toLowerCase().split('@')
  if (plain === email.toLowerCase() || (local.length >= 10 && plain === local) || new Set(plain).size < 5) {
    throw unprocessable('password_too_weak', 'The password is too easy to guess. Use a longer, less regular one.')
  }
}

/** Stores the hash where better-auth reads it: the `credential` account of the user. */
export async function storePassword(tx: Tx, userId: string, passwordHash: string): Promise<void> {
  const updated = await tx
    .update(authAccount)
    .set({ password: passwordHash, updatedAt: new Date() })
    .where(and(eq(authAccount.userId, userId), eq(authAccount.providerId, 'credential')))
    .returning({ id: authAccount.id })
  if (updated.length > 0) return
  await tx
    .insert(authAccount)
    .values({ id: newId(), accountId: userId, providerId: 'credential', userId, password: passwordHash })
}

import { hashPassword } from 'better-auth/crypto'
import { and, eq } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { authAccount } from '../db/schema.ts'
import { unprocessable } from '../problem.ts'

/** scrypt, about 60 ms of one core on the thread pool: make it before a transaction begins, not inside. */
export const hash = hashPassword

/** Long enough, and still the first that are tried. Letters only, as {@link lettersOf} leaves them. */
const common = new Set(
  (
    'password passwordpassword mypassword adminadmin administrator qwertyuiop qwertyuiopasdfghjkl asdfghjkl qazwsxedc ' +
    'qweasdzxc zxcvbnmasdfghjkl iloveyou letmein welcome changeme trustno superman football woaini huixin customerservice'
  ).split(' '),
)
/** `P@ssw0rd2024!` is `password`. */
const lettersOf = (plain: string) =>
  plain
    .replace(/[@4]/gu, 'a')
    .replace(/0/gu, 'o')
    .replace(/[$5]/gu, 's')
    .replace(/3/gu, 'e')
    .replace(/[^a-z]/gu, '')
const isCounted = (plain: string) => /^\d+$/u.test(plain) && '01234567890123456789 98765432109876543210'.includes(plain)

/** Length is checked by the schema; this refuses what length does not help. */
export function refuseWeak(password: string, email: string): void {
  const plain = password.toLowerCase()
  const [local = ''] = email.toLowerCase().split('@')
  const isOwnName = plain === email.toLowerCase() || (local.length >= 10 && plain === local)
  const isCommon = common.has(lettersOf(plain.replace(/[\d\W_]+$/u, ''))) || isCounted(plain)
  if (isOwnName || isCommon || new Set(plain).size < 5) {
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

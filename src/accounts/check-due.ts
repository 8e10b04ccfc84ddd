import type { DueItem } from '../db/due.ts'

/** The kind of due work that checks an account's settings; run by {@link checkHandler} in `check.ts`. */
export const checkKind = 'account.check'

/** What could not be checked, or was refused, is tried again by itself after this time: platforms have bad minutes. */
export const checkAgainMs = 5 * 60_000

/** Asked again while all is well, where the adapter says nothing else. */
const checkEveryMs = 15 * 60_000

/** When an account is to be checked again; null: not by itself. */
export function nextCheck(
  { checkEveryMs: every = checkEveryMs }: { readonly checkEveryMs?: number | null },
  tryAgain: boolean,
  now: Date,
): Date | null {
  if (tryAgain) return new Date(now.getTime() + checkAgainMs)
  return every === null ? null : new Date(now.getTime() + every)
}

export function checkDue(accountId: string, dueAt: Date): DueItem {
  return { kind: checkKind, subject: accountId, accountId, dueAt }
}

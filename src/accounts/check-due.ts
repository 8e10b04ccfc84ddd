import type { DueItem } from '../db/due.ts'

/** The kind of due work that checks an account's settings; run by {@link checkHandler} in `check.ts`. */
export const checkKind = 'account.check'

/** What could not be checked, or was refused, is tried again by itself after this time: platforms have bad minutes. */
export const checkAgainMs = 5 * 60_000

export function checkDue(accountId: string, dueAt: Date): DueItem {
  return { kind: checkKind, subject: accountId, accountId, dueAt }
}

import { and, eq, isNull, type SQL } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import { accounts } from '../db/schema.ts'

/** The account, when it is there and the actor may see it: scope and id in one WHERE. */
export function visibleAccount(actor: Actor, id: string): SQL | undefined {
  return and(eq(accounts.id, id), visibleAccounts(actor))
}

export function visibleAccounts(actor: Actor): SQL | undefined {
  return and(isNull(accounts.removedAt), inScope(actor, accounts.brandId))
}

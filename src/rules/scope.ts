import type { Actor } from '../auth/actor.ts'
import type { RuleRow } from './load.ts'

/** Does it look at a brand the actor sees? */
export const sees = (actor: Actor, { brandIds }: Pick<RuleRow, 'brandIds'>): boolean =>
  actor.brandIds === null || brandIds === null || brandIds.some((id) => actor.brandIds?.includes(id))

/** A rule for every brand belongs to those who see every brand. */
export const mayChange = (actor: Actor, { brandIds }: Pick<RuleRow, 'brandIds'>): boolean =>
  actor.brandIds === null || (brandIds?.every((id) => actor.brandIds?.includes(id)) ?? false)

import type { AnyColumn } from 'drizzle-orm'
import { type SQL, sql } from 'drizzle-orm'
import type { Role } from '../wire.ts'

/** Who does it: a person signed in, a program with a key, or Huixin itself. */
export interface Actor {
  readonly kind: 'user' | 'key' | 'system'
  /** `auth_user.id`, `key:<id>` or `system`: what audit and idempotency keys hold. */
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly role: Role
  /** Brands the actor sees; null: all. */
  readonly brandIds: readonly string[] | null
  /** `auth_session.id` of a person signed in: what ends a stream when the session does. */
  readonly sessionId?: string
}

export const systemActor: Actor = {
  kind: 'system',
  id: 'system',
  name: 'Huixin',
  email: null,
  role: 'administrator',
  brandIds: null,
}

const rank: Record<Role, number> = {
  agent: 0,
  supervisor: 1,
  administrator: 2,
}

export function mayActAs(actor: Actor, role: Role): boolean {
  return rank[actor.role] >= rank[role]
}

/** The brands' half of every WHERE: put it beside the id, never after the read. */
export function inScope(actor: Actor, brandId: AnyColumn | SQL): SQL {
  if (actor.brandIds === null) return sql`true`
  return sql`${brandId} = any(${`{${actor.brandIds.join(',')}}`}::uuid[])`
}

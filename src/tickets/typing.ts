import { eq } from 'drizzle-orm'
import type { FastifyBaseLogger } from 'fastify'
import type { Connections } from '../accounts/connections.ts'
import type { Actor } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { threads } from '../db/schema.ts'
import { choosePlace } from './reply.ts'

/** Platforms show it for about five seconds; more often than this says nothing new. */
const EVERY_MS = 4_000

/**
 * Tells the customer that somebody is writing, where the channel can show it. Best effort and never waited for: what it
 * comes to changes nothing, and is in the channel log. Throws 404 for a ticket out of the actor's scope.
 */
export function createTyping(deps: {
  readonly db: Db
  readonly connections: Connections
  readonly log: FastifyBaseLogger
}) {
  const shown = new Map<string, number>()

  return async (actor: Actor, ticketId: string): Promise<void> => {
    const { thread, account } = await choosePlace(deps, actor, ticketId, {})
    const { connection, adapter } = account
    if (!connection.typing || !adapter.capabilities.surfaces[thread.surface]?.typing) return
    const now = performance.now()
    if (now - (shown.get(thread.id) ?? -EVERY_MS) < EVERY_MS) return
    for (const [id, at] of shown) if (now - at >= EVERY_MS) shown.delete(id)
    shown.set(thread.id, now)
    const [place] = await deps.db
      .select({ externalId: threads.externalId, rootId: threads.rootId })
      .from(threads)
      .where(eq(threads.id, thread.id))
    if (!place) return
    connection.typing(place).catch((error: unknown) => {
      deps.log.debug({ accountId: account.id, err: error }, 'typing could not be shown')
    })
  }
}

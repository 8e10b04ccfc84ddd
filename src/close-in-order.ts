import type { FastifyBaseLogger } from 'fastify'

export interface Patience {
  /** For each group. A connection that fell silent never settles. */
  readonly ms: number
  readonly log: Pick<FastifyBaseLogger, 'error'>
}

/**
 * Closes group after group; those of a group at the same time. What fails, or does not come to its end, is told and keeps
 * nothing else from closing. Does not reject.
 */
export async function closeInOrder(groups: readonly (readonly (() => unknown)[])[], patience: Patience): Promise<void> {
  for (const group of groups) {
    await Promise.all(group.map((close) => closeOne(close, patience)))
  }
}

async function closeOne(close: () => unknown, { ms, log }: Patience): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`closing did not come to its end within ${ms} ms`)), ms)
  try {
    await Promise.race([(async () => close())(), late.promise])
  } catch (error) {
    log.error({ err: error }, 'closing failed; the rest is closed all the same')
  } finally {
    clearTimeout(timer)
  }
}

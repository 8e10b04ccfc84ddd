/** `/health/live`: the process answers. `/health/ready`: it can do its work, so traffic may come. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Sql } from '../db/client.ts'
import type { App } from '../deps.ts'
import { Refused } from '../problem.ts'
import { describeError } from './log.ts'

const Journal = z.object({ entries: z.array(z.object({ when: z.number() })) })
const probeMs = 2000

export function serveHealth(app: App, sql: Sql): void {
  const ready = createReadiness(sql)
  app.get('/health/live', { schema: { hide: true }, logLevel: 'warn' }, async () => ({ status: 'ok' }))
  app.get('/health/ready', { schema: { hide: true }, logLevel: 'error' }, async () => {
    const reason = await ready((error) => app.log.warn({ err: describeError(error) }, 'not ready'))
    if (reason) throw new Refused(503, 'not_ready', 'Huixin cannot do its work now.', { reason })
    return { status: 'ok' }
  })
}

type Reason = 'database' | 'migrations'

/** One probe at a time, whoever asks: a database that hangs is not asked again by every load balancer. */
function createReadiness(sql: Sql): (onError: (error: unknown) => void) => Promise<Reason | null> {
  let underWay: Promise<Reason | null> | null = null
  return (onError) => {
    underWay ??= probe(sql, onError).finally(() => {
      underWay = null
    })
    return underWay
  }
}

async function probe(sql: Sql, onError: (error: unknown) => void): Promise<Reason | null> {
  const query = sql<
    { newest: string | null }[]
  >`select max(created_at)::text as newest from drizzle.__drizzle_migrations`
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the database did not answer within ${probeMs} ms`)), probeMs)
  })
  try {
    const [row] = await Promise.race([query, late])
    return Number(row?.newest ?? 0) >= newestMigration() ? null : 'migrations'
  } catch (error) {
    query.cancel()
    onError(error)
    // undefined_table, invalid_schema_name: reached, but never migrated.
    const code = error instanceof Error && 'code' in error ? error.code : null
    return code === '42P01' || code === '3F000' ? 'migrations' : 'database'
  } finally {
    clearTimeout(timer)
  }
}

let newest: number | null = null
/** drizzle writes the journal's `when` of each migration into its table. */
function newestMigration(): number {
  newest ??= Math.max(
    ...Journal.parse(
      JSON.parse(readFileSync(new URL('../../migrations/meta/_journal.json', import.meta.url), 'utf8')),
    ).entries.map((entry) => entry.when),
  )
  return newest
}

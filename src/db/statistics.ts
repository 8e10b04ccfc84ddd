import { sql } from 'drizzle-orm'
import type { FastifyBaseLogger } from 'fastify'
import { type Db, isUnavailable } from './client.ts'

/** After so many rows, then four times as many, and so on up to the last: from there autovacuum keeps up. */
const FIRST = 64
const LAST = 65_536

/**
 * A new house has no statistics, and plans made while its tables were empty read them whole later; autovacuum looks only
 * once a minute. So after the first few posts, and again as they multiply, tables that have outgrown what is known of
 * them are analyzed, which also has every connection plan anew. On an old house nothing is found to do.
 */
export function createStatistics({ db, log }: { readonly db: Db; readonly log: Pick<FastifyBaseLogger, 'warn'> }) {
  let rows = 0
  let next = FIRST
  let running: Promise<void> | null = null

  async function run(): Promise<void> {
    try {
      await analyze(db)
    } catch (error) {
      // Only slower without; the next time it is tried again.
      if (!isUnavailable(error)) log.warn({ err: error }, 'statistics could not be made')
    }
  }

  return {
    /** Call it after a commit. Never waited for. */
    grew(by: number): void {
      rows += by
      if (rows < next || running) return
      next = rows >= LAST ? Number.POSITIVE_INFINITY : rows * 4
      running = run().finally(() => {
        running = null
      })
    },
    async idle(): Promise<void> {
      await running
    },
  }
}

/** Tables that have at least twice the pages they had when they were analyzed last. Returns their names. */
export async function analyze(db: Db): Promise<string[]> {
  const outgrown = await db.execute<{ name: string }>(sql`
    select relname as name from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace
      and pg_relation_size(oid) / 8192 >= 2 * greatest(relpages, 0) and pg_relation_size(oid) > 0`)
  for (const { name } of outgrown) await db.execute(sql`analyze ${sql.identifier(name)}`)
  return outgrown.map(({ name }) => name)
}

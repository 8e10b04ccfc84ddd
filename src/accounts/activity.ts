/** When something came in for an account. No post waits for it: it is written behind the commits. */
import type { FastifyBaseLogger } from 'fastify'
import type { Sql } from '../db/client.ts'

export interface Activity {
  /** Something came in for these. Returns at once. */
  note(accountIds: Iterable<string>): void
  /** Writes what is noted. A process that dies before loses a second of it; the next post puts it right. */
  flush(): Promise<void>
  close(): Promise<void>
}

export interface ActivityOptions {
  readonly sql: Sql
  readonly now: () => Date
  readonly log: Pick<FastifyBaseLogger, 'warn'>
  /** Default 1,000. */
  readonly everyMs?: number
}

export function createActivity({ sql, now, log, everyMs = 1_000 }: ActivityOptions): Activity {
  let noted = new Map<string, Date>()
  let timer: NodeJS.Timeout | undefined

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (noted.size === 0) return
    // In one order: two nodes that write the same accounts wait for each other, and never in a circle.
    const rows = [...noted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, at]) => ({ id, at: at.toISOString() }))
    noted = new Map()
    await sql`
      insert into account_activity as a (account_id, last_in_at)
      select r.id, r.at from json_to_recordset(${JSON.stringify(rows)}::text::json) as r (id uuid, at timestamptz)
      on conflict (account_id) do update set last_in_at = greatest(a.last_in_at, excluded.last_in_at)`
  }

  const flushLater = () => {
    timer ??= setTimeout(() => {
      flush().catch((error: unknown) => log.warn({ err: error }, 'when accounts were last heard of was not written'))
    }, everyMs).unref()
  }

  return {
    note(accountIds) {
      const at = now()
      for (const id of accountIds) noted.set(id, at)
      if (noted.size > 0) flushLater()
    },
    flush,
    close: flush,
  }
}

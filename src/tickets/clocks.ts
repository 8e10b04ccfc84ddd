/** The promises of a ticket as the API shows them; `src/promises` works them out. */
import { sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/client.ts'
import type { Clock } from '../wire.ts'

interface Row {
  [column: string]: unknown
  kind: Clock['kind']
  state: Clock['state']
  started_at: string
  due_at: string | null
  warn_at: string | null
  left_ms: number | null
  stopped_at: string | null
  policy: string | null
  calendar: string | null
}

/** Those that run first, by when they are due; then those that are over. */
export async function readClocks(db: Db | Tx, ticketId: string): Promise<Clock[]> {
  const rows = await db.execute<Row>(sql`
    select c.kind, c.state, c.started_at, c.due_at, c.warn_at, c.left_ms::float8 as left_ms, c.stopped_at, p.name as policy,
      case when (p.targets -> c.kind ->> 'working')::boolean then k.name end as calendar
    from clocks c left join policies p on p.id = c.policy_id left join calendars k on k.id = p.calendar_id
    where c.ticket_id = ${ticketId}
    order by c.stopped_at is not null, c.due_at nulls last, c.kind`)
  const time = (value: string | null) => value && new Date(value).toISOString()
  return rows.map((row) => ({
    kind: row.kind,
    state: row.state,
    startedAt: new Date(row.started_at).toISOString(),
    dueAt: time(row.due_at),
    warnAt: time(row.warn_at),
    leftMs: row.left_ms,
    stoppedAt: time(row.stopped_at),
    policy: row.policy ?? '',
    calendar: row.calendar,
  }))
}

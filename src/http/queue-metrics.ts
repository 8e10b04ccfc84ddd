import { sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import { gauge } from './metrics.ts'

interface Queues {
  readonly db: Db
  readonly ingest: { waiting(): number }
}

interface Figures {
  [name: string]: unknown
  queued: number
  unknown: number
  unread: number
  parked: number
}

let queues: Queues | null = null
let asked: { readonly at: number; readonly figures: Promise<Figures> } | null = null

/** What `/metrics` counts from now on; null: nothing is served any more. */
export function countQueues(of: Queues | null): void {
  queues = of
  asked = null
}

/** One scrape asks once. A database that is away fails the scrape, which is what a collector should see. */
function figures(): Promise<Figures> | null {
  if (!queues) return null
  if (asked && performance.now() - asked.at < 1_000) return asked.figures
  asked = { at: performance.now(), figures: count(queues.db) }
  return asked.figures
}

async function count(db: Db): Promise<Figures> {
  const [row] = await db.execute<Figures>(sql`
    select
      (select count(*)::int from deliveries where state = 'queued' and not by_hand) as queued,
      (select count(*)::int from deliveries where state = 'unknown') as unknown,
      (select count(*)::int from inbound_unread where replayed_at is null) as unread,
      (select count(*)::int from due_work where parked_at is not null) as parked`)
  if (!row) throw new Error('a count without a row')
  return row
}

gauge('huixin_ingest_waiting', 'Posts that wait for a commit on this node.', () => queues?.ingest.waiting() ?? 0)
gauge(
  'huixin_deliveries_queued',
  'Replies, in parts, that wait to be sent.',
  async () => (await figures())?.queued ?? 0,
)
gauge(
  'huixin_deliveries_unknown',
  'Replies, in parts, whose outcome nobody knows: people settle them at the desk.',
  async () => (await figures())?.unknown ?? 0,
)
gauge(
  'huixin_inbound_unread',
  'Posts that came in and could not be read: replayed after a fix.',
  async () => (await figures())?.unread ?? 0,
)
gauge(
  'huixin_due_work_parked',
  'Background work that failed too often: replayed by a person.',
  async () => (await figures())?.parked ?? 0,
)

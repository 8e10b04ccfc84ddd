import { sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'

export interface Claimed {
  readonly id: string
  readonly attempt: number
  readonly position: number
  readonly messageId: string
  readonly ticketId: string
  readonly threadId: string
  readonly accountId: string
  readonly text: string
  readonly mediaIds: readonly string[]
  readonly doubted: boolean
}

export interface LeaseHeld {
  readonly accountId: string
  readonly node: string
  readonly fence: number
}

/** How long a claim may wait for its call. */
const CLAIM_LEASE_MS = 15_000

const leaseHolds = ({ accountId, node, fence }: LeaseHeld) => sql`exists (
  select from account_leases l
  where l.account_id = ${accountId} and l.node = ${node} and l.fence = ${fence} and l.expires_at > now())`

/**
 * Those of the accounts where something may be due. Asked at every hint, mostly to hear that there is nothing: planning a
 * claim for each account cost PostgreSQL a tenth of its time under load, so this one is prepared.
 */
export async function accountsDue(db: Db, accountIds: Iterable<string>): Promise<string[]> {
  const ids = `{${[...accountIds].join(',')}}`
  const rows = await db.$client<{ id: string }[]>`
    select a.id from unnest(${ids}::uuid[]) as a (id)
    where exists (select from deliveries q where q.account_id = a.id and q.state = 'queued' and not q.by_hand and q.not_before <= now())`
  return rows.map(({ id }) => id)
}

/**
 * Takes the oldest due delivery of each thread, at most `slots` of them. Behind it waits everything later in its thread:
 * order is kept per thread, threads do not wait for each other. A program's delivery waits for a person's, never the
 * other way round. An unknown one holds its thread until it is settled or passed over, and its own later parts in any case.
 */
export async function claimDue(
  db: Db,
  lease: LeaseHeld,
  slots: number,
  claimMs: number = CLAIM_LEASE_MS,
): Promise<Claimed[]> {
  const rows = await db.execute<{ [column: string]: unknown } & Record<string, string>>(sql`
    -- Materialised: as a plain "in (select … limit n for update)" the planner may run the inner select again for each row
    -- and take more than the slots.
    with due as materialized (
      select q.id from deliveries q
      join threads t on t.id = q.thread_id
      join accounts a on a.id = q.account_id
      where q.account_id = ${lease.accountId} and q.state = 'queued' and not q.by_hand and q.not_before <= now()
        and coalesce(t.paused_until, '-infinity') <= now()
        and coalesce(a.paused_until, '-infinity') <= now()
        and not exists (select from account_holds h where h.account_id = a.id and coalesce(h.until, 'infinity') > now())
        and a.health ->> 'state' <> 'refused' and a.removed_at is null
        and not exists (
          select from deliveries b
          where b.thread_id = q.thread_id and b.position < q.position and not b.by_hand
            and b.state in ('queued', 'claimed', 'sending', 'unknown')
            and (q.automatic or not b.automatic)
            and (b.message_id = q.message_id or not exists (
              -- Passed over, with the parts it holds.
              select from deliveries u
              where u.message_id = b.message_id and u.part <= b.part and u.state = 'unknown' and u.passed_over)))
      order by q.position
      limit ${slots}
      for update of q skip locked)
    update deliveries d
    set state = 'claimed', attempt = d.attempt + 1, fence = ${lease.fence},
      lease_until = now() + ${claimMs} * interval '1 millisecond'
    from due
    where d.id = due.id
    and ${leaseHolds(lease)}
    returning d.id, d.attempt, d.position, d.message_id, d.ticket_id, d.thread_id, d.account_id, d.text,
      to_json(d.media_ids) as media_ids, d.doubted`)
  return rows
    .map((row) => ({
      id: String(row.id),
      attempt: Number(row.attempt),
      position: Number(row.position),
      messageId: String(row.message_id),
      ticketId: String(row.ticket_id),
      threadId: String(row.thread_id),
      accountId: String(row.account_id),
      text: String(row.text),
      mediaIds: row.media_ids as unknown as string[],
      doubted: Boolean(row.doubted),
    }))
    .sort((a, b) => a.position - b.position)
}

/**
 * The last commit before the call. False, and no call, when anything changed since the claim: the state, the attempt,
 * the lease of the claim or the account's owner. From here on an interruption means doubt.
 */
export async function beginSending(
  db: Db,
  claimed: Claimed,
  lease: LeaseHeld,
  { leaseMs, externalId }: { readonly leaseMs: number; readonly externalId: string | null },
): Promise<boolean> {
  const rows = await db.execute(sql`
    update deliveries set state = 'sending', lease_until = now() + ${leaseMs} * interval '1 millisecond',
      external_id = coalesce(${externalId}::text, external_id)
    where id = ${claimed.id} and state = 'claimed' and attempt = ${claimed.attempt} and fence = ${lease.fence}
      and lease_until > now() and ${leaseHolds(lease)}
    returning id`)
  return rows.length === 1
}

import { sql } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'

/** How far a stream was read, written with the events that were read. */
export interface CursorWrite {
  readonly stream: string
  readonly cursor: string | null
  readonly nextAt: Date | null
  /** The hint this read was made with: forgotten, unless another came meanwhile. */
  readonly hint: string | null
  /** `poll_cursors.next_at` as this read found it, exactly; another one there now: a webhook called meanwhile. */
  readonly foundAt?: string
  /** The lease under which it was read. */
  readonly node: string
  readonly fence: number
}

/** Another node has the account now: what this one read must not move its cursor. */
export class FenceLost extends Error {
  override readonly name = 'FenceLost'
}

/** The lease row stays locked until the commit, so it cannot change hands in between. */
export async function writeCursor(tx: Tx, accountId: string, write: CursorWrite): Promise<void> {
  const held = await tx.execute(sql`
    select from account_leases
    where account_id = ${accountId} and node = ${write.node} and fence = ${write.fence} and expires_at > now()
    for key share`)
  if (held.length === 0) throw new FenceLost('the account is read by another node now')
  // A span, not a time: `nextAt` is by this node's clock, and what is due is decided by the database's.
  const aheadMs = write.nextAt === null ? 0 : Math.max(0, write.nextAt.getTime() - Date.now())
  // The same hint may have come again after we read: then there is something new all the same.
  const unasked = sql`poll_cursors.hint is not distinct from ${write.hint}
    and ${write.foundAt === undefined ? sql`true` : sql`poll_cursors.next_at = ${write.foundAt}::timestamptz`}`
  await tx.execute(sql`
    insert into poll_cursors (account_id, stream, cursor, next_at, updated_at)
    values (${accountId}, ${write.stream}, ${write.cursor}, now() + ${aheadMs} * interval '1 millisecond', now())
    on conflict (account_id, stream) do update set
      cursor = excluded.cursor,
      hint = case when ${unasked} then null else poll_cursors.hint end,
      next_at = case when ${unasked} then excluded.next_at else now() end,
      updated_at = now()`)
}

/** A webhook said that there is something to read. */
export async function writeNudge(
  tx: Tx,
  accountId: string,
  nudge: { readonly stream: string; readonly hint: string | null },
): Promise<void> {
  await tx.execute(sql`
    insert into poll_cursors (account_id, stream, hint, next_at) values (${accountId}, ${nudge.stream}, ${nudge.hint}, now())
    on conflict (account_id, stream) do update set hint = excluded.hint, next_at = now()`)
}

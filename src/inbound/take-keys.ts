import { sql } from 'drizzle-orm'
import type { OpenAccount } from '../accounts/connections.ts'
import type { InboundEvent } from '../channel/events.ts'
import type { Tx } from '../db/client.ts'
import type { Seal } from '../seal.ts'
import { keyOf } from './keys.ts'

/** One event on its way in. */
export interface Incoming {
  readonly account: OpenAccount
  readonly event: InboundEvent
  readonly receivedAt: Date
}

/**
 * The first statement of every ingest transaction: writes the keys and gives back only the events that were not here
 * before. A copy, in the same batch, in another process, a year later or after erasure, has no effect at all.
 * Keys are written in order, so that two nodes with the same events wait for each other instead of deadlocking.
 */
export async function takeKeys(tx: Tx, seal: Seal, incoming: readonly Incoming[]): Promise<Incoming[]> {
  const byKey = new Map<string, Incoming>()
  for (const item of incoming) {
    const key = hashKey(seal, item.account.id, keyOf(item.event)).toString('hex')
    if (!byKey.has(key)) byKey.set(key, item)
  }
  const rows = [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => ({ account_id: item.account.id, key: `\\x${key}`, at: timeOf(item) }))
  const taken = await tx.execute<{ key: string }>(sql`
    insert into inbound_keys (account_id, key, at)
    select account_id, key, at from json_to_recordset(${JSON.stringify(rows)}::json)
      as r(account_id uuid, key bytea, at timestamptz)
    on conflict do nothing
    returning encode(key, 'hex') as key`)
  const fresh = new Set(taken.map((row) => row.key))
  return [...byKey].filter(([key]) => fresh.has(key)).map(([, item]) => item)
}

/** The account is part of the hash, so that a key tells nothing about another account's. */
export function hashKey(seal: Seal, accountId: string, key: string): Buffer {
  return seal.hash(`${accountId}\n${key}`)
}

function timeOf({ event, receivedAt }: Incoming): Date {
  return event.type === 'deleted' ? event.at : receivedAt
}

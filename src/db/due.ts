import type { SQL } from 'drizzle-orm'
import type { Tx } from './client.ts'
import { newId } from './id.ts'
import { insertion } from './insert-rows.ts'
import { dueWork } from './schema.ts'

/** One thing that must follow. A second one of the same kind and subject moves the first one's time. */
export interface DueItem {
  readonly kind: string
  /** What it is about, unique within the kind: `<messageId>`, `<accountId>:<externalId>`. */
  readonly subject: string
  readonly accountId?: string | null
  readonly dueAt: Date
  /** Plain JSON without a person's words; those go into `payloadSealed`. */
  readonly payload?: unknown
  readonly payloadSealed?: Buffer | null
}

/** Written in the transaction that makes it necessary; run by `db/run-due.ts` on any node. */
export async function followUp(tx: Tx, items: readonly DueItem[]): Promise<void> {
  const statement = dueInsertion(items)
  if (statement) await tx.execute(statement)
}

/** The same as a statement. Null: nothing must follow. */
export function dueInsertion(items: readonly DueItem[]): SQL | null {
  const latest = new Map(items.map((item) => [`${item.kind}\n${item.subject}`, item]))
  return insertion(
    dueWork,
    [...latest.values()].map(({ kind, subject, dueAt, accountId = null, payload = null, payloadSealed = null }) => ({
      id: newId(),
      kind,
      subject,
      accountId,
      dueAt,
      payload,
      payloadSealed,
    })),
    `on conflict (kind, subject) do update set
      due_at = excluded.due_at, payload = excluded.payload, payload_sealed = excluded.payload_sealed,
      attempts = 0, parked_at = null`,
  )
}

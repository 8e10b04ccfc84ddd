import { sql } from 'drizzle-orm'
import type { Tx } from './client.ts'
import { newId } from './id.ts'
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
  if (items.length === 0) return
  const latest = new Map(items.map((item) => [`${item.kind}\n${item.subject}`, item]))
  await tx
    .insert(dueWork)
    .values(
      [...latest.values()].map((item) => ({
        id: newId(),
        kind: item.kind,
        subject: item.subject,
        accountId: item.accountId ?? null,
        dueAt: item.dueAt,
        payload: item.payload ?? null,
        payloadSealed: item.payloadSealed ?? null,
      })),
    )
    .onConflictDoUpdate({
      target: [dueWork.kind, dueWork.subject],
      set: {
        dueAt: sql`excluded.due_at`,
        payload: sql`excluded.payload`,
        payloadSealed: sql`excluded.payload_sealed`,
        attempts: 0,
        parkedAt: null,
      },
    })
}

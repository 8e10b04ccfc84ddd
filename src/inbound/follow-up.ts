/** Due handlers for what an inbound event leaves to be done after its commit. All may run twice. */
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Connections } from '../accounts/connections.ts'
import type { InboundEvent } from '../channel/events.ts'
import type { Db } from '../db/client.ts'
import type { DueRow } from '../db/due-rows.ts'
import type { DueHandler } from '../db/run-due.ts'
import { messages, tickets } from '../db/schema.ts'
import { appendEvents, tellOfMentions } from '../live/append.ts'
import { applyReceipt } from '../outbound/receipts.ts'
import type { SettleHooks } from '../outbound/settle.ts'
import type { Seal } from '../seal.ts'
import { settleEcho } from './echo.ts'
import { reviveEvent } from './unread.ts'

export interface FollowUpDeps {
  readonly db: Db
  readonly seal: Seal
  readonly connections: Connections
  readonly hooks: SettleHooks
  readonly now: () => Date
  readonly nudge: () => void
}

/** A receipt can be faster than the answer to the send. */
const RECEIPT_KEPT_MS = 3_600_000
/** An echo, too; a delivery that is still on its way may be the one. */
const ECHO_HELD_MS = 30_000
const AGAIN_MS = 2_000

export function followUpHandlers(
  deps: FollowUpDeps,
): Record<'acknowledge' | 'echo' | 'receipt' | 'tombstone', DueHandler> {
  const { db, connections, hooks, nudge } = deps
  const open = (row: DueRow) => openPayload(deps.seal, row)
  const again = () => ({ again: new Date(deps.now().getTime() + AGAIN_MS) })

  return {
    async acknowledge(row) {
      const { event } = open(row)
      const account = row.accountId === null ? null : await connections.get(row.accountId)
      await account?.connection.acknowledge?.(event)
    },

    async echo(row) {
      const { event, receivedAt } = open(row)
      const account = row.accountId === null ? null : await connections.get(row.accountId)
      if (event.type !== 'echo' || !account) return
      const heldLongEnough = deps.now().getTime() - receivedAt.getTime() >= ECHO_HELD_MS
      const settled = await db.transaction((tx) =>
        settleEcho(tx, account, event.message, { receivedAt, heldLongEnough, hooks }),
      )
      if (!settled) return again()
      nudge()
    },

    async receipt(row) {
      const { event, receivedAt } = open(row)
      const { accountId } = row
      if (event.type !== 'receipt' || accountId === null) return
      const applied = await db.transaction((tx) => applyReceipt(tx, accountId, event, hooks))
      if (applied) return nudge()
      if (deps.now().getTime() - receivedAt.getTime() < RECEIPT_KEPT_MS) return again()
    },

    /** A delete whose message came in through another node at the same moment. */
    async tombstone(row) {
      const { externalId, at } = row.payload as { externalId: string; at: string }
      const { accountId } = row
      if (accountId === null) return
      await db.transaction(async (tx) => {
        const found = await tx
          .update(messages)
          .set({ deletedAt: new Date(at) })
          .where(
            and(eq(messages.accountId, accountId), eq(messages.externalId, externalId), isNull(messages.deletedAt)),
          )
          .returning({ id: messages.id, ticketId: messages.ticketId })
        for (const { id, ticketId } of found) {
          if (ticketId === null) {
            await tellOfMentions(tx, [id])
            continue
          }
          const [ticket] = await tx
            .update(tickets)
            .set({ version: sql`${tickets.version} + 1` })
            .where(eq(tickets.id, ticketId))
            .returning()
          if (!ticket) continue
          const { brandId, version } = ticket
          await appendEvents(tx, [{ brandId, type: 'message', ticketId, version }])
        }
      })
      nudge()
    },
  }
}

function openPayload(seal: Seal, row: DueRow): { event: InboundEvent; receivedAt: Date } {
  if (!row.payloadSealed) throw new Error('due work without its payload')
  const plain = seal.open(row.payloadSealed, `due_work:${row.kind}:${row.subject}`).toString('utf8')
  const { event, receivedAt } = JSON.parse(plain) as { event: unknown; receivedAt: string }
  return { event: reviveEvent(event), receivedAt: new Date(receivedAt) }
}

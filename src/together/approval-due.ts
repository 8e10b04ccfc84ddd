/** Due work `approval`: nobody decided in time, or the platform's window closed. Both sides are told, once each. */

import { eq } from 'drizzle-orm'
import type { Connections } from '../accounts/connections.ts'
import { refuseThread } from '../channel/refuse.ts'
import type { Db, Tx } from '../db/client.ts'
import { approvals, threads, tickets } from '../db/schema.ts'
import { supervisorsOf } from '../notices/hearers.ts'
import { tellPeople } from '../notices/notices.ts'
import { standingOf } from '../outbound/standing.ts'
import { recordAct } from './acts.ts'
import { nobody, refuse } from './approvals.ts'
import { closesAtOf } from './closes-at.ts'
import { type ApprovalRow, lockApproval } from './lock-approval.ts'

export interface ApprovalDueDeps {
  readonly db: Db
  readonly connections: Pick<Connections, 'get'>
  readonly now: () => Date
  readonly nudge: () => void
}

export function approvalHandler(deps: ApprovalDueDeps) {
  return async (item: { readonly subject: string }): Promise<undefined | { again: Date }> => {
    const { db, connections, nudge } = deps
    const [found] = await db
      .select({ accountId: threads.accountId })
      .from(approvals)
      .innerJoin(threads, eq(threads.id, approvals.threadId))
      .where(eq(approvals.id, item.subject))
    const account = found ? await connections.get(found.accountId) : null
    const again = await db.transaction(async (tx) => {
      const row = await lockApproval(tx, item.subject)
      if (row?.state !== 'waiting') return undefined
      const now = deps.now()
      const capabilities = account?.adapter.capabilities
      if (!capabilities) {
        await refuse(tx, row, 'account_gone', now)
        return undefined
      }
      const [standing] = (await standingOf(tx, [row.threadId], () => capabilities)).values()
      const refusal = standing && refuseThread(capabilities, standing, now)
      if (refusal?.code === 'window_closed') {
        await refuse(tx, row, refusal.code, now)
        return undefined
      }
      // The customer may have written since: then it is open longer.
      const closesAt = standing ? closesAtOf(standing, now) : null
      await tx.update(approvals).set({ closesAt }).where(eq(approvals.id, row.id))
      if (row.lateAt > now) return closesAt && closesAt < row.lateAt ? closesAt : row.lateAt
      if (row.lateToldAt === null) await tellLate(tx, row, now)
      return closesAt ?? undefined
    })
    nudge()
    return again ? { again } : undefined
  }
}

async function tellLate(tx: Tx, row: ApprovalRow, now: Date): Promise<void> {
  await tx.update(approvals).set({ lateToldAt: now }).where(eq(approvals.id, row.id))
  const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, row.ticketId))
  if (!ticket) return
  await recordAct(tx, nobody, ticket, 'approval_late', now)
  const told = [row.userId, ...(await supervisorsOf(tx, ticket))]
  await tellPeople(tx, told, { ticket, kind: 'approval_late' })
}

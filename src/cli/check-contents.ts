import { and, asc, count, eq, isNotNull, isNull, min } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import { accounts, deliveries, dueWork, inboundUnread } from '../db/schema.ts'
import type { Finding } from './doctor.ts'

export async function checkAccounts(db: Db): Promise<Finding[]> {
  const rows = await db
    .select({
      channel: accounts.channel,
      name: accounts.name,
      health: accounts.health,
      pausedUntil: accounts.pausedUntil,
    })
    .from(accounts)
    .where(isNull(accounts.removedAt))
    .orderBy(asc(accounts.createdAt))
  if (rows.length === 0) return [{ state: 'note', what: 'accounts', text: 'none yet' }]
  return rows.map(({ channel, name, health, pausedUntil }) => ({
    state: health.state === 'ok' ? 'ok' : health.state === 'warning' ? 'note' : 'wrong',
    what: 'account',
    text: [
      `${channel} ${name}`,
      health.name,
      health.state === 'refused' ? 'the credentials are refused' : null,
      health.text?.en,
      pausedUntil && pausedUntil > new Date() ? `sends wait until ${pausedUntil.toISOString()}` : null,
    ]
      .filter(Boolean)
      .join(' · '),
  }))
}

export async function checkInbound(db: Db): Promise<Finding> {
  const [row] = await db
    .select({ open: count(), oldest: min(inboundUnread.receivedAt) })
    .from(inboundUnread)
    .where(isNull(inboundUnread.replayedAt))
  const { open, oldest } = row!
  if (open === 0) return { state: 'ok', what: 'unread', text: 'none' }
  const text = `${open} came in and could not be read, the oldest ${oldest!.toISOString()}: update, then "huixin replay"`
  return { state: 'wrong', what: 'unread', text }
}

/** They wait for a person at the desk: news for the operator, not a fault of the installation. */
export async function checkOutbound(db: Db): Promise<Finding> {
  const [row] = await db
    .select({ open: count(), oldest: min(deliveries.createdAt) })
    .from(deliveries)
    .where(and(eq(deliveries.state, 'unknown'), eq(deliveries.passedOver, false)))
  const { open, oldest } = row!
  if (open === 0) return { state: 'ok', what: 'unknown replies', text: 'none' }
  const text = `${open} may or may not have arrived, the oldest ${oldest!.toISOString()}: "huixin unknown list"`
  return { state: 'note', what: 'unknown replies', text }
}

export async function checkParked(db: Db): Promise<Finding> {
  const rows = await db
    .select({ kind: dueWork.kind, parked: count() })
    .from(dueWork)
    .where(isNotNull(dueWork.parkedAt))
    .groupBy(dueWork.kind)
    .orderBy(asc(dueWork.kind))
  if (rows.length === 0) return { state: 'ok', what: 'parked work', text: 'none' }
  const text = `${rows.map((row) => `${row.parked} ${row.kind}`).join(', ')}: failed too often; replay it once mended`
  return { state: 'wrong', what: 'parked work', text }
}

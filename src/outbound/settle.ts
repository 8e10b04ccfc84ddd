import { and, eq, gt, inArray, type SQL, sql } from 'drizzle-orm'
import { writeHealth } from '../accounts/health.ts'
import type { Bilingual, SendCode } from '../channel/errors.ts'
import type { Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import { accounts, deliveries, identities, threads } from '../db/schema.ts'
import { cancelTask } from './by-hand.ts'

export type Delivery = typeof deliveries.$inferSelect

export interface Attempted {
  readonly id: string
  readonly attempt: number
  /** Of the settings the call was made with: an old token that is refused says nothing about a new one. */
  readonly settingsVersion?: number
  /** `Capabilities.repeatWithinMs`: so long the other side drops a repetition. */
  readonly repeatWithinMs?: number
}

/** What became of one attempt. */
export type Outcome =
  | { readonly kind: 'sent'; readonly externalId: string | null; readonly movedTo?: string | undefined }
  | {
      readonly kind: 'retry'
      readonly code: SendCode | 'interrupted'
      readonly text: Bilingual | null
      readonly after: Date | null
      readonly scope: 'thread' | 'account'
    }
  | { readonly kind: 'rejected'; readonly code: string; readonly text: Bilingual | null }
  | { readonly kind: 'unknown'; readonly code: SendCode | 'interrupted'; readonly text: Bilingual | null }

export interface SettleHooks {
  /** A person's reply was lost: the ticket returns to the agent. In the same transaction; `main.ts` hands it in. */
  lostReply(tx: Tx, ticketId: string): Promise<void>
}

/** After an unknown outcome the platform is asked, where it can be, after this. */
const FIND_SENT_AFTER_MS = 5_000

/**
 * Writes the outcome of one attempt, once. Only `sending` and, for a true outcome that comes late, `unknown` take it, and
 * only of the same attempt. One exception: a late `sent` still settles a delivery a person put back in the queue, as long
 * as nobody has claimed it again. False when it was settled by somebody else.
 */
export async function settle(tx: Tx, attempt: Attempted, outcome: Outcome, hooks: SettleHooks): Promise<boolean> {
  const from: Delivery['state'][] = ['sending', 'unknown']
  if (outcome.kind === 'sent') from.push('queued')
  if (outcome.kind === 'unknown') from.pop()
  const [row] = await tx
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.id, attempt.id), eq(deliveries.attempt, attempt.attempt), inArray(deliveries.state, from)))
    .for('update')
  if (!row) return false
  switch (outcome.kind) {
    case 'sent':
      await change(tx, row, {
        state: 'sent',
        externalId: outcome.externalId ?? row.externalId,
        reasonCode: null,
        reason: null,
        settledAt: sql`now()`,
      })
      if (outcome.movedTo) await moveThread(tx, row.threadId, outcome.movedTo)
      break
    case 'retry':
      await retry(tx, row, outcome, attempt.settingsVersion ?? null, hooks)
      break
    case 'rejected':
      await fail(tx, row, outcome.code, outcome.text, hooks)
      if (outcome.code === 'blocked') await markUnreachable(tx, row.threadId, outcome.text)
      break
    case 'unknown':
      if (mayRepeat(row, attempt)) await repeat(tx, row, outcome)
      else await doubt(tx, row, outcome)
  }
  return true
}

async function doubt(tx: Tx, row: Delivery, { code, text }: Pick<Known, 'code' | 'text'>): Promise<void> {
  await change(tx, row, { state: 'unknown', doubted: true, reasonCode: code, reason: text })
  await askPlatform(tx, row)
}

type Known = Extract<Outcome, { kind: 'unknown' }>

export const mayRepeat = (
  row: Pick<Delivery, 'createdAt'>,
  { repeatWithinMs = 0 }: Pick<Attempted, 'repeatWithinMs'>,
) => repeatWithinMs > 0 && Date.now() - row.createdAt.getTime() < repeatWithinMs

/** The other side knows the delivery's id: sending it again is safe, and nobody need be asked until its time is over. */
export async function repeat(tx: Tx, row: Delivery, outcome: Pick<Known, 'code' | 'text'>): Promise<void> {
  const until = laterBy(backOffMs(row))
  if (await isAfter(tx, row.expiresAt, until)) {
    if (row.state === 'sending') await doubt(tx, row, outcome)
    return
  }
  const { code: reasonCode, text: reason } = outcome
  await change(tx, row, { state: 'queued', notBefore: until, doubted: true, reasonCode, reason })
  await pauseThread(tx, row, until)
}

async function retry(
  tx: Tx,
  row: Delivery,
  { code, text, after, scope }: Extract<Outcome, { kind: 'retry' }>,
  settingsVersion: number | null,
  hooks: SettleHooks,
): Promise<void> {
  // A span, not a time: `after` is by this node's clock, and the claim compares with the database's. The platform's own
  // time always wins, as far as it lies ahead.
  const aheadMs = after === null ? 0 : after.getTime() - Date.now()
  const until = laterBy(aheadMs > 0 ? aheadMs : backOffMs(row))
  if (code !== 'interrupted' && (await isAfter(tx, row.expiresAt, until))) return fail(tx, row, 'expired', text, hooks)
  await change(tx, row, { state: 'queued', notBefore: until, reasonCode: code, reason: text })
  if (code === 'credentials_refused' && scope === 'account') {
    // Sends of the account wait until a check of its settings succeeds.
    await writeHealth(tx, new Date(), row.accountId, settingsVersion, { state: 'refused', ...(text ? { text } : {}) })
  } else if (scope === 'account') {
    const pausedUntil = sql`greatest(${accounts.pausedUntil}, ${until})`
    await tx.update(accounts).set({ pausedUntil }).where(eq(accounts.id, row.accountId))
  } else {
    await pauseThread(tx, row, until)
  }
}

/** Doubles from 2 s to 10 minutes. */
const backOffMs = ({ attempt }: Pick<Delivery, 'attempt'>) => Math.min(2 ** Math.min(attempt, 10) * 1_000, 600_000)
const laterBy = (ms: number) => sql`now() + ${ms} * interval '1 millisecond'`

async function isAfter(tx: Tx, expiresAt: Date, until: SQL): Promise<boolean> {
  const [late] = await tx
    .select({ expired: sql<boolean>`${expiresAt.toISOString()}::timestamptz <= ${until}` })
    .from(sql`(select 1) as one`)
  return late?.expired ?? false
}

async function pauseThread(tx: Tx, row: Delivery, until: SQL): Promise<void> {
  const pausedUntil = sql`greatest(${threads.pausedUntil}, ${until})`
  await tx.update(threads).set({ pausedUntil }).where(eq(threads.id, row.threadId))
}

/** The row, its later parts, and the ticket. */
export async function fail(
  tx: Tx,
  row: Delivery,
  code: string,
  text: Bilingual | null,
  hooks: SettleHooks,
): Promise<void> {
  await change(tx, row, { state: 'failed', reasonCode: code, reason: text, settledAt: sql`now()` })
  await cancelLaterParts(tx, row)
  if (row.byHand) await cancelTask(tx, row.messageId)
  if (!row.automatic) await hooks.lostReply(tx, row.ticketId)
}

/** Half a reply is worse than none: what follows a lost part is not sent. */
export async function cancelLaterParts(tx: Tx, row: Pick<Delivery, 'messageId' | 'part'>): Promise<void> {
  await tx
    .update(deliveries)
    .set({ state: 'cancelled', reasonCode: 'earlier_part_lost', settledAt: sql`now()` })
    .where(and(eq(deliveries.messageId, row.messageId), gt(deliveries.part, row.part), eq(deliveries.state, 'queued')))
}

/** One change of state, and its event. */
export async function change(
  tx: Tx,
  row: Pick<Delivery, 'id' | 'ticketId'>,
  set: Partial<{ [column in keyof Delivery]: Delivery[column] | ReturnType<typeof sql> }>,
): Promise<void> {
  await tx
    .update(deliveries)
    .set({ leaseUntil: null, ...set } as Partial<typeof deliveries.$inferInsert>)
    .where(eq(deliveries.id, row.id))
  await tellOf(tx, row.ticketId)
}

export async function tellOf(tx: Tx, ticketId: string): Promise<void> {
  await tx.execute(sql`
    insert into events (brand_id, type, ticket_id, version)
    select brand_id, 'delivery', id, version from tickets where id = ${ticketId}`)
}

export async function askPlatform(tx: Tx, row: Pick<Delivery, 'id' | 'accountId'>): Promise<void> {
  const dueAt = new Date(Date.now() + FIND_SENT_AFTER_MS)
  await followUp(tx, [{ kind: 'find-sent', subject: row.id, accountId: row.accountId, dueAt }])
}

async function markUnreachable(tx: Tx, threadId: string, text: Bilingual | null): Promise<void> {
  const [thread] = await tx
    .select({ identityId: threads.identityId, surface: threads.surface })
    .from(threads)
    .where(eq(threads.id, threadId))
  if (!thread) return
  await tx
    .update(identities)
    .set({
      reachable: false,
      unreachableReason: text?.en ?? 'blocked',
      unreachableOn: thread.surface,
      reachabilityAt: sql`now()`,
    })
    .where(eq(identities.id, thread.identityId))
}

/** The platform continues the conversation under another id. Should that thread be here already, both stay. */
async function moveThread(tx: Tx, threadId: string, externalId: string): Promise<void> {
  await tx.execute(sql`
    update threads t set external_id = ${externalId}
    where t.id = ${threadId} and not exists (
      select from threads o where o.account_id = t.account_id and o.external_id = ${externalId})`)
}

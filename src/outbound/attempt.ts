/** One attempt at one delivery: check, commit `sending`, call, write the outcome. No transaction is open during the call. */
import { sql } from 'drizzle-orm'
import type { FastifyBaseLogger } from 'fastify'
import type { OpenAccount } from '../accounts/connections.ts'
import { type Bilingual, SendError } from '../channel/errors.ts'
import { refuseThread } from '../channel/refuse.ts'
import type { OutboundMedia, Reply, Sent } from '../channel/reply.ts'
import { type Db, isRace, isUnavailable } from '../db/client.ts'
import { deliveries } from '../db/schema.ts'
import { beginSending, type Claimed, type LeaseHeld } from './claim.ts'
import { refusalText } from './refusal-text.ts'
import { type Attempted, fail, type Outcome, type SettleHooks, settle } from './settle.ts'
import { standingOf } from './standing.ts'
import { readTarget } from './target.ts'

/** Named points of the path, for tests that end the process there. */
export type AttemptPoint = 'send:claimed' | 'send:before-call' | 'send:after-call' | 'send:settled'

export interface AttemptDeps {
  readonly db: Db
  readonly mediaOf: (ids: readonly string[]) => Promise<readonly OutboundMedia[]>
  readonly withDelivery: <T>(deliveryId: string, fn: () => Promise<T>) => Promise<T>
  readonly hooks: SettleHooks
  readonly log: FastifyBaseLogger
  readonly nudge: () => void
  readonly now: () => Date
  readonly passing?: (point: AttemptPoint) => void | Promise<void>
  readonly stopping: () => boolean
  /** Default {@link LEASE_BEYOND_CALL_MS}. */
  readonly beyondCallMs?: number
}

/** The lease outlives the call by this, so that a call in its last second still writes its outcome. */
const LEASE_BEYOND_CALL_MS = 12_000
/** Frozen for longer than this between the commit and the call: the lease may be gone, so the call is not made. */
const LATEST_START_MS = 3_000
/** An outcome that cannot be written is tried again this long; afterwards the lease makes it `unknown`. */
const WRITE_OUTCOME_MS = 30_000

export async function attempt(
  deps: AttemptDeps,
  account: OpenAccount,
  claimed: Claimed,
  lease: LeaseHeld,
): Promise<void> {
  await deps.passing?.('send:claimed')
  if (deps.stopping()) return release(deps, claimed)
  const { capabilities } = account.adapter
  const [standing] = (
    await standingOf(deps.db, [claimed.threadId], () => capabilities, { before: claimed.position })
  ).values()
  const refusal = standing && refuseThread(capabilities, standing, deps.now())
  if (refusal) return refuse(deps, claimed, refusal.code, refusalText(refusal.code))

  const timeoutMs = claimed.mediaIds.length > 0 ? capabilities.timeoutMs.upload : capabilities.timeoutMs.call
  const target = await readTarget(deps.db, claimed)
  const media = await deps.mediaOf(claimed.mediaIds).catch(rejectionOf)
  if (media instanceof SendError) return refuse(deps, claimed, media.code, media.text)
  const leaseMs = timeoutMs + (deps.beyondCallMs ?? LEASE_BEYOND_CALL_MS)
  const externalId = account.connection.externalIdOf?.(claimed.id) ?? null
  if (!(await beginSending(deps.db, claimed, lease, { leaseMs, externalId }))) return
  const begun = performance.now()
  deps.nudge()
  await deps.passing?.('send:before-call')
  const { repeatWithinMs = 0 } = capabilities
  const made = { ...claimed, settingsVersion: account.settingsVersion, repeatWithinMs }
  if (performance.now() - begun > Math.min(LATEST_START_MS, leaseMs / 4)) return write(deps, made, interrupted)

  const abort = new AbortController()
  const reply: Reply = {
    ...target,
    deliveryId: claimed.id,
    text: claimed.text,
    doubted: claimed.doubted,
    media,
    signal: abort.signal,
  }
  const late = (outcome: Outcome) => {
    write(deps, made, outcome).catch((error) =>
      deps.log.error({ deliveryId: claimed.id, err: error }, 'sender: a late outcome could not be written'),
    )
  }
  const outcome = await deps.withDelivery(claimed.id, () => call(account, reply, abort, timeoutMs, late))
  await deps.passing?.('send:after-call')
  await write(deps, made, outcome)
  await deps.passing?.('send:settled')
}

/** A file that is not there any more never comes back: the reply fails now, instead of being claimed for ever. */
function rejectionOf(error: unknown): SendError {
  if (error instanceof SendError && error.outcome === 'rejected') return error
  throw error
}

const interrupted: Outcome = { kind: 'retry', code: 'interrupted', text: null, after: null, scope: 'thread' }

/**
 * An adapter that ignores the signal, or throws something else than a SendError, leaves us in doubt. What it says after
 * its time, when it knows, goes to `late`.
 */
async function call(
  account: OpenAccount,
  reply: Reply,
  abort: AbortController,
  timeoutMs: number,
  late: (outcome: Outcome) => void,
): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined
  const timeOut = new Promise<'time-out'>((resolve) => {
    timer = setTimeout(() => {
      abort.abort(new DOMException('The call took too long.', 'TimeoutError'))
      // The adapter learns of it first and may know better what it means; then this speaks.
      timer = setTimeout(() => resolve('time-out'), 1_000)
    }, timeoutMs)
  })
  const answer = send(account, reply)
  const outcome = await Promise.race([answer, timeOut])
  clearTimeout(timer)
  if (outcome !== 'time-out') return outcome
  void answer.then((known) => known.kind !== 'unknown' && late(known))
  return { kind: 'unknown', code: 'no_answer', text: null }
}

async function send({ connection }: OpenAccount, reply: Reply): Promise<Outcome> {
  try {
    const { externalId, movedTo }: Sent = await connection.send(reply)
    return { kind: 'sent', externalId, movedTo }
  } catch (error) {
    return outcomeOf(error)
  }
}

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof SendError)) return { kind: 'unknown', code: 'platform_error', text: null }
  const { outcome, code, text } = error
  if (outcome === 'retry') return { kind: 'retry', code, text, after: error.after, scope: error.scope }
  return outcome === 'rejected' ? { kind: 'rejected', code, text } : { kind: 'unknown', code, text }
}

/** The truth about a call is worth waiting for: while the database is away, and after a lost race, it is tried again. */
async function write(deps: AttemptDeps, claimed: Attempted, outcome: Outcome): Promise<void> {
  const until = performance.now() + WRITE_OUTCOME_MS
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
    try {
      const written = await deps.db.transaction((tx) => settle(tx, claimed, outcome, deps.hooks))
      if (!written) deps.log.warn({ deliveryId: claimed.id, outcome: outcome.kind }, 'sender: settled by somebody else')
      deps.nudge()
      return
    } catch (error) {
      if (!(isUnavailable(error) || isRace(error)) || performance.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}

/** What was true when the agent wrote is not true any more. Nothing was sent. */
async function refuse(deps: AttemptDeps, claimed: Claimed, code: string, text: Bilingual | null): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const [row] = await tx
      .select()
      .from(deliveries)
      .where(
        sql`${deliveries.id} = ${claimed.id} and ${deliveries.attempt} = ${claimed.attempt} and ${deliveries.state} = 'claimed'`,
      )
      .for('update')
    if (row) await fail(tx, row, code, text, deps.hooks)
  })
  deps.nudge()
}

async function release(deps: AttemptDeps, claimed: Claimed): Promise<void> {
  await deps.db.execute(sql`
    update deliveries set state = 'queued', lease_until = null
    where id = ${claimed.id} and attempt = ${claimed.attempt} and state = 'claimed'`)
}

/** Sends for the accounts this node owns. Everything that must survive is in the database; this file only moves it. */
import type { FastifyBaseLogger } from 'fastify'
import PQueue from 'p-queue'
import type { Connections, OpenAccount } from '../accounts/connections.ts'
import type { OutboundMedia } from '../channel/reply.ts'
import { type Db, isUnavailable } from '../db/client.ts'
import { abandonOverdue } from './abandon.ts'
import { type AttemptDeps, type AttemptPoint, attempt } from './attempt.ts'
import { accountsDue, claimDue } from './claim.ts'
import { expireLeases } from './expire.ts'
import type { SettleHooks } from './settle.ts'

export interface SenderDeps {
  readonly db: Db
  readonly connections: Connections
  /** Accounts this node owns, with the fence of each. */
  readonly leases: { readonly node: string; owned(): ReadonlyMap<string, number> }
  readonly mediaOf: (ids: readonly string[]) => Promise<readonly OutboundMedia[]>
  /** Links what the platform is told to the delivery, in the channel log. */
  readonly withDelivery: <T>(deliveryId: string, fn: () => Promise<T>) => Promise<T>
  readonly hooks: SettleHooks
  readonly log: FastifyBaseLogger
  readonly nudge: () => void
  readonly now: () => Date
  readonly passing?: (point: AttemptPoint) => void | Promise<void>
  /** How long a claim may wait for its call, and how long the lease of a call outlives it. */
  readonly spans?: { readonly claimMs?: number; readonly beyondCallMs?: number }
}

export interface Sender {
  start(): void
  /** Something may be due: look now instead of at the next tick. */
  wake(): void
  /** Claims nothing more, waits for calls in flight at most `graceMs`, and leaves the rest to the leases. */
  stop(graceMs: number): Promise<void>
}

const TICK_MS = 250
const EXPIRE_EVERY_MS = 1_000

export function createSender(deps: SenderDeps): Sender {
  const queues = new Map<string, PQueue>()
  const inFlight = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | null = null
  let stopped = true
  let looking: Promise<void> | null = null
  let lookAgain = false
  let lastExpiry = 0
  const { claimMs, beyondCallMs } = deps.spans ?? {}
  const attemptDeps: AttemptDeps = {
    ...deps,
    stopping: () => stopped,
    ...(beyondCallMs === undefined ? {} : { beyondCallMs }),
  }

  function queueOf({ id, adapter }: OpenAccount): PQueue {
    const { concurrency, rate } = adapter.capabilities
    const queue =
      queues.get(id) ?? new PQueue({ concurrency, intervalCap: rate.calls, interval: rate.intervalMs, strict: true })
    queues.set(id, queue)
    return queue
  }

  async function look(): Promise<void> {
    if (Date.now() - lastExpiry >= EXPIRE_EVERY_MS) {
      lastExpiry = Date.now()
      if ((await expireLeases(deps.db)) + (await abandonOverdue(deps.db, deps.hooks)) > 0) deps.nudge()
    }
    const owned = deps.leases.owned()
    if (owned.size === 0) return
    for (const accountId of await accountsDue(deps.db, owned.keys())) {
      const fence = owned.get(accountId)
      if (stopped) return
      if (fence === undefined) continue
      const account = await deps.connections.get(accountId)
      if (account) await claimFor(account, fence)
    }
  }

  /** Claims only what can start at once: a claimed delivery that waits in memory is one a crash delays. */
  async function claimFor(account: OpenAccount, fence: number): Promise<void> {
    const queue = queueOf(account)
    if (queue.size > 0 || queue.isRateLimited) return
    const slots = account.adapter.capabilities.concurrency - queue.pending
    if (slots <= 0) return
    const lease = { accountId: account.id, node: deps.leases.node, fence }
    for (const claimed of await claimDue(deps.db, lease, slots, claimMs)) {
      const work = queue
        .add(() => attempt(attemptDeps, account, claimed, lease))
        .catch((error) => deps.log.error({ deliveryId: claimed.id, err: error }, 'sender: an attempt broke off'))
        .then(() => {
          inFlight.delete(work)
          // The thread's next one may go now.
          wake()
        })
      inFlight.add(work)
    }
  }

  function wake(): void {
    if (stopped) return
    lookAgain = true
    looking ??= run()
  }

  async function run(): Promise<void> {
    try {
      while (lookAgain && !stopped) {
        lookAgain = false
        await look()
      }
    } catch (error) {
      if (!isUnavailable(error)) deps.log.error({ err: error }, 'sender: looking for due deliveries failed')
    } finally {
      // In the same turn that found nothing more to do, so that no wake is lost.
      looking = null
    }
  }

  return {
    start() {
      stopped = false
      timer = setInterval(wake, TICK_MS)
      wake()
    },
    wake,
    async stop(graceMs) {
      stopped = true
      if (timer) clearInterval(timer)
      await looking
      const grace = new Promise<void>((resolve) => setTimeout(resolve, graceMs).unref())
      await Promise.race([Promise.all(inFlight), grace])
    },
  }
}

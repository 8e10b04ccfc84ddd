/**
 * The one way in. What waited during the last commit is written in one set-based transaction; a promise resolves once
 * its events are committed, and only then may a platform be told that we have them.
 */
import type { FastifyBaseLogger } from 'fastify'
import type { OpenAccount } from '../accounts/connections.ts'
import type { InboundEvent } from '../channel/events.ts'
import { type Db, isLostRace, isRace, isUnavailable, type Tx } from '../db/client.ts'
import { unavailable } from '../problem.ts'
import type { Seal } from '../seal.ts'
import { apply } from './apply.ts'
import { type CursorWrite, FenceLost, writeCursor, writeNudge } from './cursor.ts'
import { identify } from './identify.ts'
import { find, loadKnown } from './known.ts'
import { type Incoming, takeKeys } from './take-keys.ts'
import { describe, storeUnread } from './unread.ts'
import { write } from './write.ts'

export interface SubmitOptions {
  /** Default: now. */
  readonly receivedAt?: Date
  /** Stored in the same transaction, only while the lease it names holds. */
  readonly cursor?: CursorWrite
  /** Wakes the poller of a stream, in the same transaction. */
  readonly nudge?: { readonly stream: string; readonly hint: string | null }
}

/** What became of a submission's events; the rest of them was here before. */
export interface Taken {
  readonly fresh: number
  /** Kept as unread, because they could not be stored. */
  readonly setAside: number
}

export interface Ingest {
  /**
   * Resolves after the commit. Rejects with `Refused` 503 when the database is away or too much waits, and with
   * {@link FenceLost} when the cursor belongs to another node now; nothing was stored then.
   */
  submit(account: OpenAccount, events: readonly InboundEvent[], options?: SubmitOptions): Promise<Taken>
  /** Events that wait for a commit; a nudge without events counts as one. */
  waiting(): number
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>
}

export interface IngestDeps {
  readonly db: Db
  readonly seal: Seal
  readonly now: () => Date
  readonly log: FastifyBaseLogger
  /** Called after each commit. */
  readonly nudge: () => void
  /** The same, with the number of events. */
  readonly committed?: (events: number) => void
  /** The same, with the accounts that something came in for. */
  readonly heardOf?: (accountIds: ReadonlySet<string>) => void
  /** Named points of the path, for tests that end the process there. */
  readonly passing?: (point: IngestPoint) => void | Promise<void>
}
export type IngestPoint = 'ingest:before-commit' | 'ingest:after-commit'

/** Transactions at the same time: one, and a second where there is a crowd, or where the first is held up. */
const LANES = 2
/** Submissions that are worth a transaction. A post costs a third less processor time in a batch of 64 than of 28. */
const CROWD = 100
/** One that has waited so long is behind a batch that waits itself, for somebody else's lock. */
const HELD_UP_MS = 250
/** Most events one transaction takes. */
const BATCH = 500
/** More than this waiting: 503, and the platform brings it again. */
const LIMIT = 2_000

interface Submission {
  readonly since: number
  readonly incoming: readonly Incoming[]
  readonly account: OpenAccount
  readonly options: SubmitOptions
  readonly resolve: (taken: Taken) => void
  readonly reject: (error: unknown) => void
}

export function createIngest(deps: IngestDeps): Ingest {
  const { db, seal, now, log } = deps
  const queue: Submission[] = []
  const lanes = new Set<Promise<void>>()
  let waiting = 0
  let watch: NodeJS.Timeout | undefined

  /** With every submission: one lane takes it soon; whether it is held up is looked at later. */
  function start(): void {
    if (lanes.size === 0 || isCrowded()) open()
    else if (watch === undefined) watch = setTimeout(lookAgain, HELD_UP_MS).unref()
  }

  function lookAgain(): void {
    watch = undefined
    const [oldest] = queue
    if (!oldest) return
    if (performance.now() - oldest.since >= HELD_UP_MS) open()
    watch = setTimeout(lookAgain, HELD_UP_MS).unref()
  }

  const isCrowded = () => queue.length >= CROWD

  function open(): void {
    if (lanes.size >= LANES) return
    const lane = run(() => lanes.delete(lane))
    lanes.add(lane)
  }

  async function run(ended: () => void): Promise<void> {
    // What else came in this turn belongs to the same batch.
    await Promise.resolve()
    try {
      while (queue.length > 0) {
        const batch = nextBatch(queue)
        const weight = batch.reduce((sum, submission) => sum + weightOf(submission), 0)
        try {
          await commitBatch(batch)
        } finally {
          waiting -= weight
        }
        if (lanes.size > 1 && !isCrowded()) break
      }
    } finally {
      // In the same turn that found the queue empty: a later one would leave a submission that came between to wait.
      ended()
    }
  }

  async function commitBatch(batch: readonly Submission[]): Promise<void> {
    try {
      const fresh = await once(batch)
      for (const submission of batch) submission.resolve(takenOf(submission, fresh))
      deps.heardOf?.(new Set(batch.flatMap(({ account, incoming }) => (incoming.length > 0 ? [account.id] : []))))
      deps.committed?.(batch.reduce((sum, { incoming }) => sum + incoming.length, 0))
    } catch (error) {
      // A race for locks, lost even the second time, says nothing against the event. A key that is there already may.
      if (isUnavailable(error) || (batch.length === 1 && isLostRace(error))) {
        log.warn({ reason: describe(error), submissions: batch.length }, 'ingest: the database is away')
        const refusal = unavailable('database_unavailable', 'The database cannot be reached. Try again soon.')
        for (const submission of batch) submission.reject(refusal)
      } else if (batch.length > 1) {
        // One of them spoils the batch; alone, each is judged by itself.
        for (const submission of batch) await commitBatch([submission])
      } else if (error instanceof FenceLost) {
        batch[0]?.reject(error)
      } else if (batch[0]) {
        await isolate(batch[0], error)
      }
    }
    deps.nudge()
  }

  /** A lost race (deadlock, serialisation, a row another node made first) is run once more. */
  async function once(batch: readonly Submission[]): Promise<ReadonlySet<Incoming>> {
    try {
      return await transact(batch)
    } catch (error) {
      if (!isRace(error)) throw error
      return await transact(batch)
    }
  }

  async function transact(batch: readonly Submission[]): Promise<ReadonlySet<Incoming>> {
    const taken = new Set<Incoming>()
    let last = Promise.resolve()
    await db.transaction(async (tx) => {
      for (const { account, options } of batch) {
        if (options.cursor) await writeCursor(tx, account.id, options.cursor)
        if (options.nudge) await writeNudge(tx, account.id, options.nudge)
      }
      for (const part of cutAfterMoves(batch.flatMap(({ incoming }) => incoming))) {
        await last
        last = (await ingest(tx, part, taken)).done
      }
      if (deps.passing) {
        await last
        await deps.passing('ingest:before-commit')
      }
    })
    await last
    await deps.passing?.('ingest:after-commit')
    return taken
  }

  /** As `write` resolves. */
  async function ingest(
    tx: Tx,
    incoming: readonly Incoming[],
    taken: Set<Incoming>,
  ): Promise<{ readonly done: Promise<void> }> {
    if (incoming.length === 0) return nothing
    // The keys are the first statement; what is sent behind them has no effect, and saves a wait.
    const [fresh, found] = await Promise.all([takeKeys(tx, seal, incoming), find(tx, seal, incoming)])
    if (fresh.length === 0) return nothing
    for (const item of fresh) taken.add(item)
    const people = await identify(tx, fresh, found.people)
    const known = await loadKnown(tx, fresh, people, found)
    return write(tx, seal, apply(fresh, known, seal))
  }

  /** One event at a time; the bad one goes to unread, its neighbours in, and the cursor moves on. */
  async function isolate(submission: Submission, cause: unknown): Promise<void> {
    const { incoming, account, options } = submission
    const sum = { fresh: 0, setAside: 0 }
    try {
      if (incoming.length > 1) {
        for (const item of incoming) {
          const taken = await alone(item)
          sum.fresh += taken.fresh
          sum.setAside += taken.setAside
        }
      } else if (incoming[0]) {
        await setAside(incoming[0], cause)
        sum.setAside = 1
      } else {
        throw cause
      }
      const { cursor, nudge } = options
      if (cursor || nudge) {
        await db.transaction(async (tx) => {
          if (cursor) await writeCursor(tx, account.id, cursor)
          if (nudge) await writeNudge(tx, account.id, nudge)
        })
      }
      submission.resolve(sum)
    } catch (error) {
      const refusal = unavailable('database_unavailable', 'The database cannot be reached. Try again soon.')
      submission.reject(isUnavailable(error) || isLostRace(error) ? refusal : error)
    }
  }

  async function alone(item: Incoming): Promise<Taken> {
    const submission = { since: 0, incoming: [item], account: item.account, options: {}, resolve() {}, reject() {} }
    try {
      return takenOf(submission, await once([submission]))
    } catch (error) {
      if (isUnavailable(error) || isLostRace(error)) throw error
      await setAside(item, error)
      return { fresh: 0, setAside: 1 }
    }
  }

  async function setAside(item: Incoming, cause: unknown): Promise<void> {
    const reason = describe(cause)
    log.error({ accountId: item.account.id, type: item.event.type, reason }, 'ingest: event set aside as unread')
    const { account, event, receivedAt } = item
    await storeUnread(db, seal, { accountId: account.id, kind: 'event', value: event, reason, receivedAt })
  }

  return {
    submit(account, events, options = {}) {
      const receivedAt = options.receivedAt ?? now()
      const incoming = events.map((event) => ({ account, event, receivedAt }))
      const weight = weightOf({ incoming })
      if (waiting + weight > LIMIT && waiting > 0) {
        return Promise.reject(unavailable('too_busy', 'Too much is waiting to be stored. Try again soon.'))
      }
      waiting += weight
      return new Promise((resolve, reject) => {
        queue.push({ since: performance.now(), incoming, account, options, resolve, reject })
        start()
      })
    },
    waiting: () => waiting,
    async idle() {
      while (lanes.size > 0) await Promise.all(lanes)
    },
  }
}

const nothing = { done: Promise.resolve() }

function takenOf({ incoming }: Pick<Submission, 'incoming'>, fresh: ReadonlySet<Incoming>): Taken {
  let count = 0
  for (const item of incoming) if (fresh.has(item)) count += 1
  return { fresh: count, setAside: 0 }
}

/** What comes after a move of its chat looks for threads under their new id: the move has to be written by then. */
function cutAfterMoves(incoming: readonly Incoming[]): Incoming[][] {
  const parts: Incoming[][] = [[]]
  for (const item of incoming) {
    parts.at(-1)?.push(item)
    if (item.event.type === 'moved') parts.push([])
  }
  return parts
}

/** A submission without events, which only wakes a poller, waits like one with one. */
const weightOf = ({ incoming }: Pick<Submission, 'incoming'>) => Math.max(1, incoming.length)

function nextBatch(queue: Submission[]): Submission[] {
  let events = 0
  let count = 0
  for (const submission of queue) {
    const weight = weightOf(submission)
    if (count > 0 && events + weight > BATCH) break
    events += weight
    count += 1
  }
  return queue.splice(0, count)
}

export { FenceLost }

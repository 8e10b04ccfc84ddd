/**
 * Our own PostgreSQL in the data folder, used when no `DATABASE_URL` is given.
 *
 * Any number of processes (servers, the CLI beside them) may use one data folder. Whoever comes first starts PostgreSQL,
 * whoever leaves last stops it:
 *
 * - `postgres.start.lock`, exclusive, is held while somebody looks, makes the cluster, starts or stops PostgreSQL. So two
 *   first starts at the same instant make one cluster, and nobody joins a PostgreSQL that is being stopped.
 * - `postgres.users.lock`, shared, is held by every user as long as it lives. Who leaves tries to get it exclusively:
 *   that succeeds only for the last one, which stops PostgreSQL.
 *
 * The kernel drops the locks of a process that was killed. PostgreSQL then runs on; the next start finds it answering and
 * uses it. Whether it runs is asked of its socket, never concluded from a pid. Against two PostgreSQL on one folder stands
 * PostgreSQL's own interlock, whose verdict is only put right where a pid file outlived the machine's restart.
 */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { StartError } from '../start-error.ts'
import { addressOf, type EmbeddedTarget, probe } from './embedded/address.ts'
import { prepareBinaries, removeOldCopies } from './embedded/binaries.ts'
import {
  type Cluster,
  createCluster,
  lastLogLine,
  mendStalePid,
  spawnPostgres,
  stopPostgres,
} from './embedded/cluster.ts'
import { type HeldLock, takeLock, tryLock } from './embedded/lock.ts'
import { closedFolder, makeFolder, runAsFor } from './embedded/run-as.ts'

export type { EmbeddedTarget } from './embedded/address.ts'

export interface Embedded {
  readonly target: EmbeddedTarget
  /** PostgreSQL's output. */
  readonly log: string
  /** Gives it back; the last one to do so stops it. */
  close(): Promise<void>
}

export interface EmbeddedOptions {
  /** The data folder; made when it is not there. */
  readonly data: string
  /** More settings for the PostgreSQL that is started. Tests switch fsync off. */
  readonly settings?: Readonly<Record<string, string>>
  /** What the operator should know: PostgreSQL stopped and was started again. */
  readonly note?: (text: string) => void
}

/** Crash recovery of a big database takes minutes; a first start takes a second. */
const READY_WITHIN_MS = 300_000
const STOPPED_WITHIN_MS = 60_000
const LOOK_EVERY_MS = 2_000

/** Throws {@link StartError} with one sentence when PostgreSQL cannot run here. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  try {
    return await join(options)
  } catch (error) {
    throw cannotRun(error)
  }
}

interface House {
  readonly data: string
  readonly cluster: Cluster
  readonly settings: Readonly<Record<string, string>>
}

async function join(options: EmbeddedOptions): Promise<Embedded> {
  const house = locate(options)
  const users = resolve(house.data, 'postgres.users.lock')
  const starting = await lockStart(house)
  const using = await takeLock(users, 'shared', 5_000, `${users} is locked`).catch((error: unknown) => {
    starting.release()
    throw error
  })
  try {
    const target = await addressOf(house.data, house.cluster.folder)
    const child = await ensureRunning(house, target)
    const guard = keepRunning(house, target, child, options.note ?? (() => {}))
    return {
      target,
      log: house.cluster.log,
      async close() {
        await guard.stop()
        await leave(house, users, using)
      },
    }
  } catch (error) {
    using.release()
    throw error
  } finally {
    starting.release()
  }
}

async function leave(house: House, users: string, using: HeldLock): Promise<void> {
  const stopping = await lockStart(house)
  using.release()
  const last = tryLock(users, 'exclusive')
  try {
    if (last) await stopPostgres(house.cluster, STOPPED_WITHIN_MS)
  } finally {
    last?.release()
    stopping.release()
  }
}

function locate(options: EmbeddedOptions): House {
  const user = runAsFor(resolve(options.data, 'postgres'))
  makeFolder(options.data, user)
  const data = realpathSync(options.data)
  if (user) {
    const closed = closedFolder(data, user)
    if (closed) {
      throw new StartError(
        `PostgreSQL refuses to run as root, and user ${user.uid} cannot enter ${closed} (chmod o+x ${closed}, or choose another folder with HUIXIN_DATA)`,
      )
    }
  }
  const cluster = { folder: resolve(data, 'postgres'), log: resolve(data, 'postgres.log'), user }
  return { data, cluster, settings: options.settings ?? {} }
}

function lockStart(house: House): Promise<HeldLock> {
  const file = resolve(house.data, 'postgres.start.lock')
  return takeLock(
    file,
    'exclusive',
    READY_WITHIN_MS,
    `another process is starting or stopping PostgreSQL in ${house.data}`,
  )
}

/** Under the start lock. Returns the process when it was started here, null when it ran already. */
async function ensureRunning(house: House, target: EmbeddedTarget): Promise<ChildProcess | null> {
  const deadline = performance.now() + READY_WITHIN_MS
  for (let refusals = 0; ; ) {
    const state = await probe(target)
    if (state === 'ready') return null
    if (state === 'none') {
      const child = await start(house, target, deadline)
      if (child) return child
      // Refused: by a PostgreSQL that listens not yet or not any more, by its last backends, or by a stale pid.
      if (!mendStalePid(house.cluster) && ++refusals > 20) throw new StartError(lastLogLine(house.cluster))
    }
    if (performance.now() > deadline) throw new StartError(`PostgreSQL is not ready after ${READY_WITHIN_MS / 1000} s`)
    await wait(state === 'busy' ? 20 : 250)
  }
}

/** Null when it ended before it was ready. */
async function start(house: House, target: EmbeddedTarget, deadline: number): Promise<ChildProcess | null> {
  const binaries = await prepareBinaries(house.data, house.cluster.user)
  await createCluster(house.cluster, binaries, target)
  const child = spawnPostgres(house.cluster, binaries, target, house.settings)
  const ended = new Promise<'ended'>((settle, reject) => {
    child.once('exit', () => settle('ended'))
    child.once('error', reject)
  })
  for (;;) {
    const state = await Promise.race([ended, probe(target)])
    if (state === 'ended') return null
    if (state === 'ready') break
    if (performance.now() > deadline) throw new StartError(`PostgreSQL is not ready after ${READY_WITHIN_MS / 1000} s`)
    await Promise.race([ended, wait(5)])
  }
  await removeOldCopies(house.data, binaries.copy)
  return child
}

/** Starts it again when it died under us: out of memory, or somebody stopped it. */
function keepRunning(house: House, target: EmbeddedTarget, started: ChildProcess | null, note: (text: string) => void) {
  const stopping = new AbortController()
  const watch = async () => {
    for (let child = started; ; ) {
      await gone(child, target, stopping.signal)
      if (stopping.signal.aborted) return
      note(`PostgreSQL stopped; starting it again (${house.cluster.log})`)
      child = await again(house, target, stopping.signal, note)
      if (child !== null) note('PostgreSQL runs again')
    }
  }
  const watching = watch().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error
  })
  return {
    async stop() {
      stopping.abort()
      await watching
    },
  }
}

/** Resolves when PostgreSQL is gone: at once for our own child, else within two seconds. Rejects when aborted. */
async function gone(child: ChildProcess | null, target: EmbeddedTarget, signal: AbortSignal): Promise<void> {
  if (child) {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit', { signal })
    return
  }
  do await wait(LOOK_EVERY_MS, undefined, { signal, ref: false })
  while ((await probe(target)) !== 'none')
}

async function again(house: House, target: EmbeddedTarget, signal: AbortSignal, note: (text: string) => void) {
  for (;;) {
    const starting = await lockStart(house)
    try {
      signal.throwIfAborted()
      return await ensureRunning(house, target)
    } catch (error) {
      if (signal.aborted) throw error
      note(cannotRun(error).message)
    } finally {
      starting.release()
    }
    await wait(LOOK_EVERY_MS, undefined, { signal, ref: false })
  }
}

function cannotRun(error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? error.code : null
  const why =
    code === 'ENOSPC'
      ? 'the disk is full'
      : error instanceof StartError
        ? error.message
        : code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
          ? (error as Error).message
          : null
  if (why === null) return error as Error
  return new StartError(
    `Huixin's own PostgreSQL cannot run: ${why}. To use another, set DATABASE_URL (and HUIXIN_SECRET).`,
    { cause: error },
  )
}

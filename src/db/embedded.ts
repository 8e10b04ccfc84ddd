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
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { type HeldLock, takeLock, tryLock } from '../process-lock.ts'
import { StartError } from '../start-error.ts'
import { addressOf, type EmbeddedTarget } from './embedded/address.ts'
import { cannotRun } from './embedded/cannot-run.ts'
import { keepRunning } from './embedded/keep-running.ts'
import { stopPostgres } from './embedded/process.ts'
import { closedFolder, makeFolder, runAsFor } from './embedded/run-as.ts'
import { ensureRunning, type House, lockStart, READY_WITHIN_MS } from './embedded/running.ts'

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

const STOPPED_WITHIN_MS = 60_000
const LEAVE_WITHIN_MS = 15_000

/** Throws {@link StartError} with one sentence when PostgreSQL cannot run here. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  try {
    return await join(options)
  } catch (error) {
    throw cannotRun(error)
  }
}

async function join(options: EmbeddedOptions): Promise<Embedded> {
  const house = locate(options)
  const users = resolve(house.data, 'postgres.users.lock')
  const starting = await lockStart(house, READY_WITHIN_MS)
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
  // When somebody else is at it for so long, it is theirs to keep or to stop.
  const stopping = await lockStart(house, LEAVE_WITHIN_MS).finally(() => using.release())
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
  const closed = user && closedFolder(options.data, user)
  if (closed) {
    throw new StartError(
      `it refuses to run as root, and the user it runs as instead (uid ${user.uid}) cannot enter ${closed}: allow it with "chmod o+x ${closed}" or choose another folder with HUIXIN_DATA`,
    )
  }
  makeFolder(options.data, user)
  const data = realpathSync(options.data)
  const cluster = { folder: resolve(data, 'postgres'), log: resolve(data, 'postgres.log'), user }
  return { data, cluster, settings: options.settings ?? {} }
}

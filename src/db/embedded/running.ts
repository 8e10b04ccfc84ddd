/** Finds PostgreSQL running in the data folder, or starts it. All of it under the start lock. */
import type { ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type HeldLock, takeLock } from '../../process-lock.ts'
import { StartError } from '../../start-error.ts'
import { type EmbeddedTarget, probe } from './address.ts'
import { prepareBinaries, removeOldCopies } from './binaries.ts'
import { type Cluster, createCluster } from './cluster.ts'
import { complaint, mendStalePid, spawnPostgres } from './process.ts'

export interface House {
  readonly data: string
  readonly cluster: Cluster
  readonly settings: Readonly<Record<string, string>>
}

/** Crash recovery of a big database takes minutes; a first start takes a second. */
export const READY_WITHIN_MS = 300_000
const NOT_READY = `it is not ready after ${READY_WITHIN_MS / 1000} s`

export function lockStart(house: House, timeoutMs: number): Promise<HeldLock> {
  const file = resolve(house.data, 'postgres.start.lock')
  return takeLock(file, 'exclusive', timeoutMs, `another process is starting or stopping it in ${house.data}`)
}

/** Under the start lock. Returns the process when it was started here, null when it ran already. */
export async function ensureRunning(house: House, target: EmbeddedTarget): Promise<ChildProcess | null> {
  const deadline = performance.now() + READY_WITHIN_MS
  for (let refusals = 0; ; ) {
    const state = await probe(target)
    if (state === 'ready') return null
    if (state === 'none') {
      const outcome = await start(house, target, deadline)
      if (typeof outcome !== 'string') return outcome
      // Refused by a PostgreSQL that does not listen yet or not any more, by its last processes, or by a stale pid.
      const passing = /already exists|still in use/u.test(outcome) && ++refusals <= 20
      if (!mendStalePid(house.cluster) && !passing)
        throw new StartError(outcome || `it ended; see ${house.cluster.log}`)
    }
    if (performance.now() > deadline) throw new StartError(NOT_READY)
    await wait(state === 'busy' ? 20 : 250)
  }
}

/** The process once it answers; its complaint when it ended before. */
async function start(house: House, target: EmbeddedTarget, deadline: number): Promise<ChildProcess | string> {
  const { cluster } = house
  const binaries = await prepareBinaries(house.data, cluster.user)
  await createCluster(cluster, binaries, target)
  const { child, saidBefore } = spawnPostgres(cluster, binaries, target, house.settings)
  const ended = new Promise<'ended'>((settle, reject) => {
    child.once('exit', () => settle('ended'))
    child.once('error', (cause) => reject(new StartError(`${binaries.postgres} cannot be run`, { cause })))
  })
  for (;;) {
    const state = await Promise.race([ended, probe(target)])
    if (state === 'ended') return complaint(cluster, saidBefore)
    if (state === 'ready') break
    if (performance.now() > deadline) throw new StartError(NOT_READY)
    await Promise.race([ended, wait(5)])
  }
  await removeOldCopies(house.data, binaries.copy)
  return child
}

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { type EmbeddedTarget, probe } from './address.ts'
import { cannotRun } from './cannot-run.ts'
import { ensureRunning, type House, lockStart, READY_WITHIN_MS } from './running.ts'

const LOOK_EVERY_MS = 2_000

/** Starts it again when it died under us: out of memory, or somebody stopped it. */
export function keepRunning(
  house: House,
  target: EmbeddedTarget,
  started: ChildProcess | null,
  note: (text: string) => void,
) {
  const leaving = new AbortController()
  const { signal } = leaving
  const watching = (async () => {
    for (let child = started; ; ) {
      await gone(child, target, signal)
      note(`PostgreSQL is gone; starting it again (its output: ${house.cluster.log})`)
      child = await untilItRuns(house, target, signal, note)
    }
  })().catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
  return {
    async stop() {
      leaving.abort()
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
  while (!(await nobodyListens(target)))
}

/** Whatever else goes wrong with a look, somebody is there. */
const nobodyListens = (target: EmbeddedTarget) =>
  probe(target).then(
    (state) => state === 'none',
    () => false,
  )

/** Says why it does not run, once per reason. Null: another process was first to start it. */
async function untilItRuns(
  house: House,
  target: EmbeddedTarget,
  signal: AbortSignal,
  note: (text: string) => void,
): Promise<ChildProcess | null> {
  for (let said = ''; ; ) {
    try {
      return await again(house, target, signal)
    } catch (error) {
      signal.throwIfAborted()
      const { message } = cannotRun(error)
      if (message !== said) note(`${message} Trying until it runs.`)
      said = message
    }
    await wait(LOOK_EVERY_MS, undefined, { signal, ref: false })
  }
}

async function again(house: House, target: EmbeddedTarget, signal: AbortSignal): Promise<ChildProcess | null> {
  const starting = await lockStart(house, READY_WITHIN_MS)
  try {
    signal.throwIfAborted()
    return await ensureRunning(house, target)
  } finally {
    starting.release()
  }
}

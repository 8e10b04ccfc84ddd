/** A node that runs due work, in a process of its own so that a test can kill or freeze it. Prints one line per run. */
import { setTimeout as wait } from 'node:timers/promises'
import { openDatabase } from '../../src/db/client.ts'
import { createDueRunner } from '../../src/db/run-due.ts'
import type { Target } from './target.ts'

const options = JSON.parse(process.argv[2]!) as { target: Target; leaseMs: number; name: string; hang: boolean }
const { db } = openDatabase(options.target, { max: 3 })
const log = { info() {}, warn() {}, error() {} }

const runner = createDueRunner({
  db,
  now: () => new Date(),
  log,
  leaseMs: options.leaseMs,
  pollMs: 20,
  handlers: {
    async job(item, { signal }) {
      process.stdout.write(`${item.subject}\n`)
      // Long enough for the test to kill or freeze the process in the middle.
      if (options.hang) await wait(60_000, undefined, { signal })
    },
  },
})
runner.start()

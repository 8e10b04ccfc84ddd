/** Runs what is due by the house's clock, as a node would, until nothing is: each round claims, calls and settles. */
import { claimDue } from '../../src/db/due-rows.ts'
import { callHandler, settle } from '../../src/db/due-run.ts'
import type { DueHandler } from '../../src/db/run-due.ts'
import { type DueDeps, dueHandlers } from '../../src/due-handlers.ts'
import type { TestApp } from './app.ts'

export function dueRunner(house: Pick<TestApp, 'deps'>) {
  const { deps } = house
  const handlers = dueHandlers(deps as unknown as DueDeps)
  const callOf = (kind: string): DueHandler => {
    const handler = handlers[kind]!
    return typeof handler === 'function' ? handler : handler.run
  }
  /** Throws what a handler threw. */
  return async function runDue(...kinds: string[]): Promise<number> {
    let runs = 0
    while (runs < 1_000) {
      const rows = await claimDue(deps.db, { kinds, limit: 10, leaseMs: 60_000, now: deps.now() })
      if (rows.length === 0) return runs
      for (const row of rows) {
        const outcome = await callHandler(callOf(row.kind), row, new AbortController(), 60_000)
        await settle({ db: deps.db, now: deps.now, log: deps.log }, row, outcome)
        if (typeof outcome === 'object' && 'failed' in outcome) throw outcome.failed
        runs += 1
      }
    }
    throw new Error('due work never ends')
  }
}

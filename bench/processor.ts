/** Processor time that processes have used, from Linux's /proc: a measure that other work on the machine does not spoil. */
import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts in hundredths of a second, whatever its clock. */
const TICK_MS = 10

/** Milliseconds of a process and of its children, those that have ended too. Null where there is no /proc. */
export function processorMs(pid: number): number | null {
  try {
    const own = timesOf(pid)
    const children = readdirSync('/proc')
      .filter((name) => /^\d+$/u.test(name))
      .map((name) => timesOf(Number(name)))
      .filter((times) => times?.parent === pid)
    if (!own) return null
    return children.reduce((sum, times) => sum + (times?.ownMs ?? 0), own.ownMs + own.endedChildrenMs)
  } catch {
    return null
  }
}

function timesOf(pid: number): { parent: number; ownMs: number; endedChildrenMs: number } | null {
  try {
    // The name, in brackets, may hold anything; what follows it does not.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /su, '')
      .split(' ')
      .map(Number)
    const [, parent = 0] = fields
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11)
    return { parent, ownMs: (user + system) * TICK_MS, endedChildrenMs: (endedUser + endedSystem) * TICK_MS }
  } catch {
    // Ended since it was listed.
    return null
  }
}

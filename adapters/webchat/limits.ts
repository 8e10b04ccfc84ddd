/** Counts per minute, in the memory of each node: with n nodes somebody has n times as many. */

export interface Limits {
  /** Counts one; the seconds to wait when there were too many, else null. */
  count(kind: string, key: string, max: number): number | null
  /** Something that goes on. Null: too many. Else what to call when it is over. */
  enter(kind: string, key: string, max: number): (() => void) | null
}

const windowMs = 60_000
/** Somebody with many addresses must not fill the memory; the oldest go first. */
const mostKeys = 50_000

export function createLimits(now: () => number): Limits {
  const counts = new Map<string, { began: number; count: number }>()
  const open = new Map<string, number>()

  return {
    count(kind, key, max) {
      const name = `${kind} ${key}`
      const at = now()
      let entry = counts.get(name)
      if (!entry || at - entry.began >= windowMs) {
        entry = { began: at, count: 0 }
        // At the end again: the map is in the order of age.
        counts.delete(name)
        counts.set(name, entry)
        for (const [oldest, { began }] of counts) {
          if (counts.size <= mostKeys && at - began < windowMs) break
          counts.delete(oldest)
        }
      }
      entry.count += 1
      return entry.count > max ? Math.max(1, Math.ceil((entry.began + windowMs - at) / 1000)) : null
    },
    enter(kind, key, max) {
      const name = `${kind} ${key}`
      const count = open.get(name) ?? 0
      if (count >= max) return null
      open.set(name, count + 1)
      let left = false
      return () => {
        if (left) return
        left = true
        const rest = (open.get(name) ?? 1) - 1
        if (rest > 0) open.set(name, rest)
        else open.delete(name)
      }
    },
  }
}

/** So many of something in a time, by key. In this node's memory: a start forgets it, and every node counts its own. */

export interface Limit {
  /** Null: taken. Else the seconds until one is free again. */
  take(key: string, now: Date): number | null
  /** The same without taking one. */
  look(key: string, now: Date): number | null
}

/** Many keys must not cost much memory: beyond these the one that was heard of longest ago is forgotten. */
const maxKeys = 20_000

export function createLimit(max: number, withinMs: number): Limit {
  const taken = new Map<string, number[]>()

  function recent(key: string, now: number): number[] {
    const times = (taken.get(key) ?? []).filter((time) => time > now - withinMs)
    taken.delete(key)
    if (times.length > 0) taken.set(key, times)
    return times
  }
  const waitOf = (times: readonly number[], now: number) =>
    times.length < max ? null : Math.max(1, Math.ceil((times[0]! + withinMs - now) / 1_000))

  return {
    take(key, at) {
      const now = at.getTime()
      const times = recent(key, now)
      const wait = waitOf(times, now)
      if (wait !== null) return wait
      taken.set(key, [...times, now])
      if (taken.size > maxKeys) taken.delete(taken.keys().next().value!)
      return null
    },
    look: (key, at) => waitOf(recent(key, at.getTime()), at.getTime()),
  }
}

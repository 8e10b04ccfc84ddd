/** What is left of the reply windows, for the line that ticks. Pure. */
import type { Standing } from '#channel/standing.ts'

export interface Allowance {
  readonly leftMs: number
  /** Null: as many as one likes. */
  readonly replies: number | null
}

/** The window that allows most: the longest one that is open and not used up. Null where there are none. */
export function allowanceOf({ windows }: Pick<Standing, 'windows'>, now: number): Allowance | null {
  if (!windows) return null
  const usable = windows.filter(({ until, left }) => until.getTime() > now && (left === null || left > 0))
  const best = usable.toSorted((a, b) => b.until.getTime() - a.until.getTime())[0]
  return best ? { leftMs: best.until.getTime() - now, replies: best.left } : null
}

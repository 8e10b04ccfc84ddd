import type { Standing } from '../channel/standing.ts'

/** When the last window that is open now closes; null: it can be answered at any time, or not at all. */
export function closesAtOf({ windows }: Pick<Standing, 'windows'>, now: Date): Date | null {
  const open = (windows ?? []).filter(({ until }) => until > now).map(({ until }) => until.getTime())
  return open.length === 0 ? null : new Date(Math.max(...open))
}

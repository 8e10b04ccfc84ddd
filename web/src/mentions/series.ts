/** Counts as a chart draws them: one series per account or language, the smaller ones together. Pure. */
import type { MentionCounts } from '../api/wire.ts'

export type CountBy = 'account' | 'language'

export interface Series {
  /** Null: all the others together. */
  readonly key: string | null
  /** One figure an hour, the oldest first. */
  readonly values: readonly number[]
  readonly total: number
}

/** As many as there are hues that can be told apart. */
const MOST = 6
const hourMs = 3_600_000

export function seriesOf({ since, hours, counts }: MentionCounts, by: CountBy): readonly Series[] {
  const start = Date.parse(since)
  const rows = new Map<string, number[]>()
  for (const { hour, accountId, language, count } of counts) {
    const key = by === 'account' ? accountId : language
    const index = Math.round((Date.parse(hour) - start) / hourMs)
    const values = rows.get(key) ?? Array<number>(hours).fill(0)
    if (index >= 0 && index < hours) values[index] = (values[index] ?? 0) + count
    rows.set(key, values)
  }
  const all = [...rows]
    .map(([key, values]) => ({ key, values, total: sum(values) }))
    .sort((a, b) => b.total - a.total || (a.key < b.key ? -1 : 1))
  if (all.length <= MOST) return all
  const rest = all.slice(MOST - 1)
  const values = Array.from({ length: hours }, (_, hour) => sum(rest.map((one) => one.values[hour] ?? 0)))
  return [...all.slice(0, MOST - 1), { key: null, values, total: sum(values) }]
}

/** How many there were in each hour. */
export function totalsOf(series: readonly Series[], hours: number): number[] {
  return Array.from({ length: hours }, (_, hour) => sum(series.map(({ values }) => values[hour] ?? 0)))
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

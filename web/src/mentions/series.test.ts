import { expect, test } from 'vitest'
import { seriesOf, totalsOf } from './series.ts'

const since = '2026-11-25T06:00:00.000Z'
const at = (hour: number) => new Date(Date.parse(since) + hour * 3_600_000).toISOString()
const counts = (list: [number, string, string, number][]) => ({
  since,
  hours: 3,
  counts: list.map(([hour, accountId, language, count]) => ({ hour: at(hour), accountId, language, count })),
})

test('figures are added by account or by language, the largest first', () => {
  const given = counts([
    [0, 'a', 'zh', 2],
    [0, 'b', 'zh', 1],
    [2, 'a', 'en', 4],
  ])
  expect(seriesOf(given, 'account')).toEqual([
    { key: 'a', values: [2, 0, 4], total: 6 },
    { key: 'b', values: [1, 0, 0], total: 1 },
  ])
  expect(seriesOf(given, 'language').map(({ key, values }) => [key, ...values])).toEqual([
    ['en', 0, 0, 4],
    ['zh', 3, 0, 0],
  ])
  expect(totalsOf(seriesOf(given, 'account'), 3)).toEqual([3, 0, 4])
})

test('of many, the smaller ones are shown together, and none is left out', () => {
  const given = counts(Array.from({ length: 20 }, (_, n) => [n % 3, `account-${n}`, 'zh', 20 - n]))
  const series = seriesOf(given, 'account')
  expect(series).toHaveLength(6)
  expect(series.at(-1)?.key).toBeNull()
  expect(totalsOf(series, 3).reduce((a, b) => a + b)).toBe(210)
})

import { expect, test } from 'vitest'
import { queryOf, rangeOf, readFigureSearch } from './search.ts'
import { startOfDay } from './zone.ts'

const now = Date.parse('2026-11-25T09:12:00Z')

test('an address anybody may have written is read, and what is not known left away', () => {
  expect(
    readFigureSearch({
      since: '7d',
      from: '2026-01-01',
      zone: 'Asia/Shanghai',
      by: 'agent',
      show: 'nothing',
      brand: 'x',
    }),
  ).toEqual({ since: '7d', zone: 'Asia/Shanghai', by: 'agent' })
  expect(readFigureSearch({ zone: '+08:00', from: '2026-02-30', to: '2026-02-28', channel: 'x,<b>' })).toEqual({
    to: '2026-02-28',
    channel: 'x',
  })
})

test('days are the zone’s, and today is one of them', () => {
  const range = rangeOf({ since: '7d' }, 'Asia/Shanghai', now)!
  expect([range.from.toISOString(), range.to.toISOString()]).toEqual([
    '2026-11-18T16:00:00.000Z',
    '2026-11-25T09:15:00.000Z',
  ])
  const days = rangeOf({ from: '2026-11-24', to: '2026-11-25' }, 'America/New_York', now)!
  expect([days.from.toISOString(), days.to.toISOString()]).toEqual([
    '2026-11-24T05:00:00.000Z',
    '2026-11-26T05:00:00.000Z',
  ])
})

test('a span that ends before it begins, or never does, is none', () => {
  expect(rangeOf({ from: '2026-11-25', to: '2026-11-24' }, 'UTC', now)).toBeNull()
  expect(rangeOf({ from: '2020-11-25', to: '2026-11-24' }, 'UTC', now)).toBeNull()
})

test('a day begins at its first moment also where clocks are changed', () => {
  expect(startOfDay(2026, 10, 25, 'Europe/Berlin').toISOString()).toBe('2026-10-24T22:00:00.000Z')
  expect(startOfDay(2026, 10, 26, 'Europe/Berlin').toISOString()).toBe('2026-10-25T23:00:00.000Z')
})

test('only what narrows is asked', () => {
  const range = rangeOf({ since: '1d' }, 'UTC', now)!
  expect(queryOf({ since: '1d', channel: 'x', by: 'hour' }, 'UTC', range)).toEqual({
    from: '2026-11-25T00:00:00.000Z',
    to: '2026-11-25T09:15:00.000Z',
    zone: 'UTC',
    channel: 'x',
  })
})

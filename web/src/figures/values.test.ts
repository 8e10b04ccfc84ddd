import { expect, test } from 'vitest'
import type { Figures } from '../api/wire.ts'
import { cellValue, changeOf, columns, columnsOf, isSpan, shown } from './values.ts'

const figures: Figures = {
  opened: 12,
  unanswered: 1,
  firstAnswer: { count: 11, median: 90_000, p90: 7_200_000 },
  answers: 30,
  resolved: 0,
  resolution: { count: 0, median: null, p90: null },
  reopened: 2,
  backlog: 7,
  quality: { count: 0, mean: null },
  kept: { count: 3, mean: 33.3 },
  satisfaction: { count: 0, mean: null },
}

test('what was not measured is no zero', () => {
  expect(shown(cellValue(figures, 'resolutionMedian'), 'resolutionMedian', 'en')).toBe('–')
  expect(shown(cellValue(figures, 'resolved'), 'resolved', 'en')).toBe('0')
  expect(shown(cellValue(figures, 'firstP90'), 'firstP90', 'en')).toBe('2 hr')
})

test('every measure draws columns the table has', () => {
  for (const drawn of Object.values(columnsOf)) for (const column of drawn) expect(columns).toContain(column)
  expect(columnsOf.firstAnswer.every(isSpan)).toBe(true)
})

test('what nobody said is no zero either, and shares are per cent', () => {
  expect(shown(cellValue(figures, 'satisfaction'), 'satisfaction', 'en')).toBe('–')
  expect(shown(cellValue(figures, 'kept'), 'kept', 'en')).toBe('33.3%')
})

test('a change is told only against something', () => {
  expect(changeOf(15, 10)).toBe(50)
  expect(changeOf(0, 10)).toBe(-100)
  expect(changeOf(3, 0)).toBeNull()
  expect(changeOf(null, 4)).toBeNull()
})

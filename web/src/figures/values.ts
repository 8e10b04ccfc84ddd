/** What a cell of the figures shows, and how: in the tiles, the table and the chart. Pure. */
import type { Figures } from '../api/wire.ts'
import { exactSpan, figure } from '../i18n/format.ts'
import type { MeasureName } from './search.ts'

export type Column =
  | 'opened'
  | 'unanswered'
  | 'firstMedian'
  | 'firstP90'
  | 'answers'
  | 'resolved'
  | 'resolutionMedian'
  | 'resolutionP90'
  | 'reopened'
  | 'backlog'
  | 'quality'
  | 'kept'
  | 'satisfaction'

export const columns: readonly Column[] = [
  'opened',
  'unanswered',
  'firstMedian',
  'firstP90',
  'answers',
  'resolved',
  'resolutionMedian',
  'resolutionP90',
  'reopened',
  'backlog',
  'quality',
  'kept',
  'satisfaction',
]

const spans: readonly Column[] = ['firstMedian', 'firstP90', 'resolutionMedian', 'resolutionP90']
export const isSpan = (column: Column) => spans.includes(column)

/** What a measure's chart draws: one line, or the median and the 90th percentile. */
export const columnsOf: Readonly<Record<MeasureName, readonly Column[]>> = {
  opened: ['opened'],
  backlog: ['backlog'],
  firstAnswer: ['firstMedian', 'firstP90'],
  answers: ['answers'],
  resolved: ['resolved'],
  resolution: ['resolutionMedian', 'resolutionP90'],
  reopened: ['reopened'],
  quality: ['quality'],
  kept: ['kept'],
  satisfaction: ['satisfaction'],
}

export function cellValue(figures: Figures, column: Column): number | null {
  switch (column) {
    case 'firstMedian':
      return figures.firstAnswer.median
    case 'firstP90':
      return figures.firstAnswer.p90
    case 'resolutionMedian':
      return figures.resolution.median
    case 'resolutionP90':
      return figures.resolution.p90
    case 'quality':
      return figures.quality.mean
    case 'kept':
      return figures.kept.mean
    case 'satisfaction':
      return figures.satisfaction.mean
    default:
      return figures[column]
  }
}

/** `–` where nothing was measured: that is not the same as none. */
export function shown(value: number | null, column: Column, locale: string): string {
  if (value === null) return '–'
  if (column === 'kept') return `${figure(value, locale)}%`
  return isSpan(column) ? exactSpan(value, locale) : figure(value, locale)
}

/** How much more or less than before, in whole percent; null where there was nothing to compare with. */
export function changeOf(now: number | null, before: number | null): number | null {
  if (now === null || before === null || before === 0) return null
  return Math.round(((now - before) / before) * 100)
}

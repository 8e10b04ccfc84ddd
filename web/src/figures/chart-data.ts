/** What the chart draws of a report. Pure. */
import type { FigureReport, FigureRow } from '../api/wire.ts'
import { exactSpan, figure } from '../i18n/format.ts'
import type { ChartData } from './draw.ts'
import type { DimensionName, MeasureName } from './search.ts'
import { type Column, cellValue, columnsOf, isSpan } from './values.ts'

/** More of them are in the table, and not to be read in a chart. */
const most = 12
const minute = 60_000
const units = [
  { name: 'day', ms: 24 * 60 * minute },
  { name: 'hour', ms: 60 * minute },
  { name: 'minute', ms: minute },
] as const

export function chartOf(
  report: Pick<FigureReport, 'by'>,
  by: DimensionName,
  show: MeasureName,
  nameOf: (row: FigureRow) => string,
  titleOf: (column: Column) => string,
  locale: string,
): ChartData {
  const columns = columnsOf[show]
  const first = columns[0]!
  const all = report.by[by] ?? []
  const isOrdered = by === 'time' || by === 'hour'
  const value = (row: FigureRow, column = first) => cellValue(row.figures, column)
  const rows = isOrdered
    ? all
    : all
        .filter((row) => value(row) !== null)
        .toSorted((a, b) => (value(b) ?? 0) - (value(a) ?? 0))
        .slice(0, most)
  const top = Math.max(0, ...rows.flatMap((row) => columns.map((column) => value(row, column) ?? 0)))
  const unit = isSpan(first) ? (units.find(({ ms }) => top >= 2 * ms) ?? units[2]) : null
  const scaled = (one: number | null) => (one === null || !unit ? one : Math.round((one / unit.ms) * 100) / 100)
  return {
    kind: by === 'time' ? 'line' : by === 'hour' ? 'bars' : 'lying',
    names: rows.map(nameOf),
    series: columns.map((column) => ({ name: titleOf(column), values: rows.map((row) => scaled(value(row, column))) })),
    format: (one) => (unit ? exactSpan(one * unit.ms, locale) : figure(one, locale)),
    axis: (one) =>
      unit
        ? new Intl.NumberFormat(locale, { style: 'unit', unit: unit.name, unitDisplay: 'short' }).format(one)
        : figure(one, locale),
    whole: unit === null && first !== 'quality' && first !== 'kept' && first !== 'satisfaction',
  }
}

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FigureRow, Figures } from '../api/wire.ts'
import { Icon } from '../ui/Icon.tsx'
import styles from './Figures.module.css'
import { type Column, cellValue, columns, shown } from './values.ts'

interface FigureTableProps {
  readonly label: string
  readonly head: string
  readonly rows: readonly FigureRow[]
  readonly total: Figures
  readonly nameOf: (row: FigureRow) => string
}

type By = Column | 'name'

/** All figures in one place; a press on a column's head sorts by it. */
export function FigureTable({ label, head, rows, total, nameOf }: FigureTableProps) {
  const { t, i18n } = useTranslation()
  // As it comes: times in order, the others by how much there is of them.
  const [sort, setSort] = useState<{ by: By; down: boolean } | null>(null)
  const sorted = sort ? rows.toSorted((a, b) => (sort.down ? -1 : 1) * compare(a, b, sort.by, nameOf)) : rows
  const press = (by: By) =>
    setSort(
      sort?.by !== by ? { by, down: by !== 'name' } : sort.down === (by !== 'name') ? { by, down: !sort.down } : null,
    )
  const heading = (by: By, text: string) => (
    <th key={by} scope="col" aria-sort={sort?.by === by ? (sort.down ? 'descending' : 'ascending') : 'none'}>
      <button type="button" className={styles.sort} onClick={() => press(by)}>
        {text}
        <span data-down={sort?.by === by ? sort.down : undefined} data-on={sort?.by === by || undefined}>
          <Icon name="down" size={14} />
        </span>
      </button>
    </th>
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={styles.tableBox} tabIndex={0} aria-label={label}>
      <table className={styles.table}>
        <thead>
          <tr>
            {heading('name', head)}
            {columns.map((column) => heading(column, t(`figures.column.${column}`)))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={row.key ?? ''}>
              <th scope="row">
                <bdi>{nameOf(row)}</bdi>
              </th>
              {columns.map((column) => (
                <td key={column}>{shown(cellValue(row.figures, column), column, i18n.language)}</td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('figures.total')}</th>
            {columns.map((column) => (
              <td key={column}>{shown(cellValue(total, column), column, i18n.language)}</td>
            ))}
          </tr>
        </tfoot>
      </table>
    </section>
  )
}

/** What was not measured comes behind all that was, whichever way it is sorted. */
function compare(a: FigureRow, b: FigureRow, by: By, nameOf: (row: FigureRow) => string): number {
  if (by === 'name')
    return (a.key ?? '').localeCompare(b.key ?? '', undefined, { numeric: true }) || nameOf(a).localeCompare(nameOf(b))
  const [left, right] = [cellValue(a.figures, by) ?? -1, cellValue(b.figures, by) ?? -1]
  return left - right
}

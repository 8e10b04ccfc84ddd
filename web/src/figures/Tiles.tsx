import { useTranslation } from 'react-i18next'
import type { FigureReport } from '../api/wire.ts'
import { figure } from '../i18n/format.ts'
import styles from './Figures.module.css'
import { type MeasureName, measures } from './search.ts'
import { type Column, cellValue, changeOf, columnsOf, shown } from './values.ts'

/** Each figure with what it means; a press shows it in the chart. */
export function Tiles({
  report,
  show,
  onShow,
}: {
  readonly report: FigureReport
  readonly show: MeasureName
  readonly onShow: (measure: MeasureName) => void
}) {
  const { t, i18n } = useTranslation()
  const value = (column: Column) => shown(cellValue(report.total, column), column, i18n.language)
  return (
    <ul className={styles.tiles}>
      {measures.map((measure) => {
        const [first, second] = columnsOf[measure]
        const change = changeOf(cellValue(report.total, first!), cellValue(report.before, first!))
        return (
          <li key={measure} className={styles.tile} data-on={measure === show || undefined}>
            <button type="button" aria-pressed={measure === show} onClick={() => onShow(measure)}>
              <span className={styles.tileName}>{t(`figures.measure.${measure}`)}</span>
              <span className={styles.tileValue}>{value(first!)}</span>
            </button>
            <p className={styles.tileMore}>
              {second && cellValue(report.total, second) !== null && (
                <span>{t('figures.ninetieth', { value: value(second) })}</span>
              )}
              {measure === 'opened' && report.total.unanswered > 0 && (
                <span>{t('figures.unanswered', { count: report.total.unanswered })}</span>
              )}
              {measure === 'quality' && <span>{t('figures.reviews', { count: report.total.quality.count })}</span>}
              {measure === 'firstAnswer' && (
                <span>{t('figures.ofTickets', { count: report.total.firstAnswer.count })}</span>
              )}
              {measure === 'resolution' && (
                <span>{t('figures.ofTickets', { count: report.total.resolution.count })}</span>
              )}
              {change !== null && (
                <span>
                  {t('figures.change', {
                    change: `${change > 0 ? '+' : ''}${figure(change, i18n.language)}%`,
                  })}
                </span>
              )}
            </p>
            <p className={styles.meaning}>{t(`figures.meaning.${measure}`)}</p>
          </li>
        )
      })}
    </ul>
  )
}

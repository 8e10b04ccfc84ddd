import { useTranslation } from 'react-i18next'
import { figure, fullTime } from '../i18n/format.ts'
import type { CountsProps } from './Chart.tsx'
import styles from './Mentions.module.css'
import { totalsOf } from './series.ts'

/** The hours in which there were any, the newest first. */
export function CountTable({ counts, series, nameOf }: CountsProps) {
  const { t, i18n } = useTranslation()
  const start = Date.parse(counts.since)
  const rows = totalsOf(series, counts.hours)
    .map((total, hour) => ({ total, hour }))
    .filter(({ total }) => total > 0)
    .reverse()
  return (
    // Scrolls by keys.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={styles.tableBox} tabIndex={0} aria-label={t('mentions.counts.table')}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('mentions.counts.hour')}</th>
            {series.map((one) => (
              <th key={one.key ?? ''} scope="col">
                <bdi>{nameOf(one)}</bdi>
              </th>
            ))}
            <th scope="col">{t('mentions.counts.total')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ total, hour }) => (
            <tr key={hour}>
              <th scope="row">{fullTime(new Date(start + hour * 3_600_000), i18n.language)}</th>
              {series.map((one) => (
                <td key={one.key ?? ''}>{figure(one.values[hour] ?? 0, i18n.language)}</td>
              ))}
              <td>{figure(total, i18n.language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

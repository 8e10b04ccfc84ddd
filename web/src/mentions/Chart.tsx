import { useTranslation } from 'react-i18next'
import type { MentionCounts } from '../api/wire.ts'
import { figure, fullTime } from '../i18n/format.ts'
import styles from './Mentions.module.css'
import { type Series, totalsOf } from './series.ts'

export interface CountsProps {
  readonly counts: MentionCounts
  readonly series: readonly Series[]
  readonly nameOf: (one: Series) => string
}

const height = 100
const gap = 0.2

/** One bar an hour, divided. The table beside it says the same in figures. */
export function Chart({ counts, series, nameOf }: CountsProps) {
  const { t, i18n } = useTranslation()
  const { hours } = counts
  const totals = totalsOf(series, hours)
  const most = Math.max(...totals)
  const start = Date.parse(counts.since)
  return (
    <figure className={styles.chart}>
      <svg
        viewBox={`0 0 ${hours} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('mentions.counts.chart', {
          hours,
          count: totals.reduce((sum, value) => sum + value, 0),
          most: figure(most, i18n.language),
        })}
      >
        {totals.map((total, hour) => {
          let top = height
          const time = fullTime(new Date(start + hour * 3_600_000), i18n.language)
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its place
            <g key={hour}>
              <title>{`${time}: ${total}`}</title>
              {series.map((one, index) => {
                const share = ((one.values[hour] ?? 0) / most) * height
                top -= share
                return (
                  share > 0 && (
                    <rect
                      key={one.key ?? ''}
                      className={styles.bar}
                      data-hue={index}
                      x={hour + gap / 2}
                      width={1 - gap}
                      y={top}
                      height={share}
                    />
                  )
                )
              })}
            </g>
          )
        })}
      </svg>
      <div className={styles.axis} aria-hidden="true">
        <span>{fullTime(new Date(start), i18n.language)}</span>
        <span>{fullTime(new Date(start + (hours - 1) * 3_600_000), i18n.language)}</span>
      </div>
      <figcaption>
        <ul className={styles.legend}>
          {series.map((one, index) => (
            <li key={one.key ?? ''}>
              <span className={styles.swatch} data-hue={index} />
              <bdi>{nameOf(one)}</bdi> {figure(one.total, i18n.language)}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  )
}

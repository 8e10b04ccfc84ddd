import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Account } from '../api/wire.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Chart } from './Chart.tsx'
import { CountTable } from './CountTable.tsx'
import { languageName } from './language-name.ts'
import styles from './Mentions.module.css'
import { countsQuery } from './queries.ts'
import type { MentionSearch } from './search.ts'
import { type CountBy, type Series, seriesOf } from './series.ts'

const reaches = ['24', '72', '168'] as const

/** How many there were per hour: a chart, and the same figures as a table. Open only when somebody wants it. */
export function Counts({
  search,
  accounts,
}: {
  readonly search: MentionSearch
  readonly accounts: readonly Account[]
}) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <details className={styles.counts} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('mentions.counts.title')}</summary>
      {open && <Figures search={search} accounts={accounts} />}
    </details>
  )
}

function Figures({ search, accounts }: { readonly search: MentionSearch; readonly accounts: readonly Account[] }) {
  const { t, i18n } = useTranslation()
  const [by, setBy] = useState<CountBy>('account')
  const [reach, setReach] = useState<(typeof reaches)[number]>('24')
  const { data, error, refetch } = useQuery(countsQuery(search, reach))
  const series = data ? seriesOf(data, by) : []
  const nameOf = ({ key }: Series) => {
    if (key === null) return t('mentions.otherAccounts')
    if (by === 'language') return languageName(key, i18n.language, t)
    return accounts.find(({ id }) => id === key)?.name ?? key
  }
  return (
    <>
      <div className={styles.line}>
        <Segments
          label={t('mentions.counts.by')}
          value={by}
          onChange={setBy}
          choices={(['account', 'language'] as const).map((value) => ({
            value,
            label: t(`mentions.counts.bys.${value}`),
          }))}
        />
        <Segments
          label={t('mentions.counts.span')}
          value={reach}
          onChange={setReach}
          choices={reaches.map((value) => ({ value, label: t(`mentions.counts.spans.${value}`) }))}
        />
      </div>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {data && series.length === 0 && <p className={styles.faint}>{t('mentions.counts.none')}</p>}
      {data && series.length > 0 && (
        <div className={styles.figures}>
          <Chart counts={data} series={series} nameOf={nameOf} />
          <CountTable counts={data} series={series} nameOf={nameOf} />
        </div>
      )}
    </>
  )
}

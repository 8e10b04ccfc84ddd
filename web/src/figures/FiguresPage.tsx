import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '../api/clock.ts'
import { channelsQuery } from '../api/queries.ts'
import type { FigureReport, FigureRow } from '../api/wire.ts'
import { Page } from '../shell/Page.tsx'
import { useMe } from '../shell/use-me.ts'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { Chart } from './Chart.tsx'
import { chartOf } from './chart-data.ts'
import { FigureFilters } from './FigureFilters.tsx'
import styles from './Figures.module.css'
import { FigureTable } from './FigureTable.tsx'
import { figuresQuery } from './queries.ts'
import { type DimensionName, dimensions, type FigureSearch, queryOf, rangeOf, readFigureSearch } from './search.ts'
import { Tiles } from './Tiles.tsx'
import { browserZone } from './zone.ts'

/** For supervisors and administrators: what came in, what was done about it, and how long that took. */
export function FiguresPage() {
  const { t } = useTranslation()
  const me = useMe()
  const raw = useSearch({ strict: false })
  const search = useMemo(() => readFigureSearch(raw), [raw])
  if (me.role === 'agent') {
    return (
      <Page title={t('figures.title')}>
        <Empty icon="lock" title={t('common.noAccess')}>
          {t('figures.notYours')}
        </Empty>
      </Page>
    )
  }
  const zone = search.zone ?? browserZone()
  const range = rangeOf(search, zone, serverNow())
  return (
    <Page title={t('figures.title')} intro={t('figures.intro')} wide>
      <FigureFilters search={search} zone={zone} />
      {range ? (
        <Report search={search} query={queryOf(search, zone, range)} />
      ) : (
        <Empty icon="clock" title={t('figures.noSpan')}>
          {t('figures.noSpanHelp')}
        </Empty>
      )}
    </Page>
  )
}

function Report({ search, query }: { readonly search: FigureSearch; readonly query: Record<string, string> }) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { data: report, error, refetch, isFetching } = useQuery(figuresQuery(query))
  const by = search.by ?? 'time'
  const show = search.show ?? 'opened'
  const nameOf = useRowName(report, by)
  const rows = report?.by[by] ?? []
  const data = useMemo(
    () => (report ? chartOf(report, by, show, nameOf, (column) => t(`figures.column.${column}`), i18n.language) : null),
    [report, by, show, nameOf, t, i18n.language],
  )
  if (error) return <ErrorNote error={error} onRetry={refetch} />
  if (!report || !data) return <Spinner label={t('common.loading')} />
  const { total } = report
  const go = (change: Partial<FigureSearch>) =>
    navigate({ to: '/figures', search: { ...search, ...change }, replace: true })
  const language = i18n.language === 'en' ? 'en' : 'zh-CN'
  const file = `/api/figures.csv?${new URLSearchParams({ ...query, by, language })}`
  if (
    total.opened + total.answers + total.resolved + total.reopened + (total.backlog ?? 0) + total.quality.count ===
    0
  ) {
    return (
      <Empty icon="clock" title={t('figures.empty')}>
        {t('figures.emptyHelp')}
      </Empty>
    )
  }
  const [first] = data.series
  const measured = first?.values.some((value) => value !== null) ?? false
  return (
    <div className={styles.report} aria-busy={isFetching}>
      <Tiles report={report} show={show} onShow={(measure) => go({ show: measure })} />
      <div className={styles.line}>
        <Segments<DimensionName>
          label={t('figures.by.label')}
          value={by}
          onChange={(value) => go({ by: value })}
          choices={dimensions.map((value) => ({ value, label: t(`figures.by.${value}`) }))}
        />
        <a className={styles.file} href={file} download>
          <Icon name="download" size={16} />
          {t('figures.csv')}
        </a>
      </div>
      <h2 className={styles.heading}>
        {t('figures.heading', { measure: t(`figures.measure.${show}`), by: t(`figures.by.${by}`) })}
      </h2>
      {measured ? (
        <Chart
          data={data}
          label={t('figures.chart', { measure: t(`figures.measure.${show}`), by: t(`figures.by.${by}`) })}
        />
      ) : (
        <p className={styles.nothing}>{t('figures.nothing')}</p>
      )}
      <FigureTable
        key={by}
        label={t('figures.table')}
        head={t(`figures.by.${by}`)}
        rows={rows}
        total={total}
        nameOf={nameOf}
      />
      <p className={styles.meaning}>{t('figures.how', { zone: report.zone })}</p>
    </div>
  )
}

/** As people call it; times by the zone that was asked for. */
function useRowName(report: FigureReport | undefined, by: DimensionName) {
  const { t, i18n } = useTranslation()
  const { data: channels } = useQuery(channelsQuery)
  return useMemo(() => {
    const language = i18n.language === 'en' ? 'en' : 'zh'
    const titles = new Map(channels?.map(({ channel, title }) => [channel, title[language]]))
    const time = new Intl.DateTimeFormat(i18n.language, {
      timeZone: report?.zone ?? 'UTC',
      month: 'short',
      day: 'numeric',
      ...(report?.step === 'hour' ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' as const } : {}),
    })
    return (row: FigureRow): string => {
      if (row.key === null) return t(by === 'agent' ? 'figures.nobody' : 'figures.noneSet')
      if (by === 'time') return time.format(new Date(row.key))
      if (by === 'hour') return `${row.key.padStart(2, '0')}:00`
      return row.title?.[language] ?? row.name ?? titles.get(row.key) ?? row.key
    }
  }, [report, by, channels, t, i18n.language])
}

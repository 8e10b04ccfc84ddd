import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { IncidentState } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { Page } from '../shell/Page.tsx'
import { Button } from '../ui/Button.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { incidentsQuery } from './api.ts'
import styles from './Incidents.module.css'

const states = ['open', 'resolved'] as const

/** Troubles that many people have, and who works on them. */
export function IncidentsPage() {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { show } = useSearch({ strict: false }) as { readonly show?: string }
  const state: IncidentState = show === 'resolved' ? 'resolved' : 'open'
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    incidentsQuery(state),
  )
  const list = data?.pages.flatMap((page) => page.incidents) ?? []
  return (
    <Page title={t('incident.title')} intro={t('incident.intro')}>
      <div>
        <Segments<IncidentState>
          label={t('incident.show')}
          value={state}
          onChange={(next) => navigate({ to: '/incidents', search: next === 'open' ? {} : { show: next } })}
          choices={states.map((value) => ({ value, label: t(`incident.state.${value}`) }))}
        />
      </div>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!data && !error && <Spinner label={t('common.loading')} />}
      {data && list.length === 0 && (
        <Empty icon="people" title={t('incident.none')}>
          {t('incident.noneHelp')}
        </Empty>
      )}
      <ul className={styles.list}>
        {list.map((incident) => (
          <li key={incident.id} className={styles.card}>
            <Link to="/incidents/$incidentId" params={{ incidentId: incident.id }} className={styles.name}>
              {t('related.incident', { number: incident.number })} <bdi>{incident.title}</bdi>
            </Link>
            <p className={styles.facts}>
              <span>{t('incident.tickets', { count: incident.tickets })}</span>
              {incident.unanswered > 0 && (
                <Pill tone="doubt">{t('incident.unanswered', { count: incident.unanswered })}</Pill>
              )}
              <span>
                {t('incident.by', {
                  name: incident.createdBy.name,
                  time: fullTime(new Date(incident.createdAt), i18n.language),
                })}
              </span>
            </p>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <div>
          <Button busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
            {t('common.more')}
          </Button>
        </div>
      )}
    </Page>
  )
}

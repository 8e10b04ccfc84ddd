import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../shell/Page.tsx'
import { isAdministrator, useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { toast } from '../ui/toast.ts'
import { drawNow, qualityProblem, type Show, samplesQuery, shows } from './api.ts'
import styles from './Quality.module.css'
import { SampleCard } from './SampleCard.tsx'

/** Answers drawn by chance: judged by supervisors, and seen by who wrote them. */
export function QualityPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const me = useMe()
  const asked = (useSearch({ strict: false }) as { readonly show?: string }).show
  const allowed = me.role === 'agent' ? (['mine'] as const) : shows
  const show: Show = allowed.find((one) => one === asked) ?? allowed[0]
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(samplesQuery(show))
  const samples = data?.pages.flatMap((page) => page.samples) ?? []
  const drawing = useMutation({
    mutationFn: drawNow,
    onSuccess: ({ drawn }) => toast(t('quality.drawn', { count: drawn })),
    onError: (failed) => toast(qualityProblem(failed, t), { tone: 'danger' }),
  })
  return (
    <Page title={t('quality.title')} intro={t(me.role === 'agent' ? 'quality.introMine' : 'quality.intro')}>
      {me.role !== 'agent' && (
        <div className={styles.line}>
          <Segments<Show>
            label={t('quality.show')}
            value={show}
            onChange={(next) => navigate({ to: '/quality', search: next === 'todo' ? {} : { show: next } })}
            choices={shows.map((value) => ({ value, label: t(`quality.shows.${value}`) }))}
          />
          <Button small icon="plus" busy={drawing.isPending} onClick={() => drawing.mutate()}>
            {t('quality.draw')}
          </Button>
          {isAdministrator(me) && <Link to="/quality/sheet">{t('quality.sheet')}</Link>}
        </div>
      )}
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!data && !error && <Spinner label={t('common.loading')} />}
      {data && samples.length === 0 && (
        <Empty icon="done" title={t(`quality.empty.${show}`)}>
          {t(show === 'mine' ? 'quality.emptyMineHelp' : 'quality.emptyHelp')}
        </Empty>
      )}
      <ul className={styles.list}>
        {samples.map((sample) => (
          <li key={sample.messageId}>
            <SampleCard sample={sample} show={show} />
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

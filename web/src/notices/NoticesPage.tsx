import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { Alert } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { problemText } from '../i18n/problem-text.ts'
import { noticesQuery } from '../promises/queries.ts'
import { queryClient } from '../query-client.ts'
import { Page } from '../shell/Page.tsx'
import { Button } from '../ui/Button.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Icon } from '../ui/Icon.tsx'
import type { IconName } from '../ui/icons.ts'
import { Spinner } from '../ui/Spinner.tsx'
import { toast } from '../ui/toast.ts'
import styles from './Notices.module.css'

const icons: Record<Alert['kind'], IconName> = {
  clock_warning: 'clock',
  clock_breach: 'warning',
  escalated: 'flag',
  assigned: 'inbox',
  given_back: 'undo',
  customer_calls: 'bell',
}

/** What the reader should hear of, newest first. To open one is to have seen it. */
export function NoticesPage() {
  const { t } = useTranslation()
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(noticesQuery)
  const marking = useMutation({
    mutationFn: (ids: string[] | undefined) =>
      request('/api/alerts/read', { method: 'POST', body: ids ? { ids } : {} }),
    onError: (failure) => toast(problemText(failure, t), { tone: 'danger' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.notices }),
  })
  const notices = data?.pages.flatMap((page) => page.notices) ?? []
  const unread = data?.pages[0]?.unread ?? 0
  return (
    <Page title={t('notices.title')} intro={t('notices.intro')}>
      {unread > 0 && (
        <div>
          <Button small icon="doneAll" busy={marking.isPending} onClick={() => marking.mutate(undefined)}>
            {t('notices.readAll', { count: unread })}
          </Button>
        </div>
      )}
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!data && !error && <Spinner label={t('common.loading')} />}
      {data && notices.length === 0 && (
        <Empty icon="done" title={t('notices.none')}>
          {t('notices.noneHelp')}
        </Empty>
      )}
      <ul className={styles.list}>
        {notices.map((notice) => (
          <li key={notice.id}>
            <Line notice={notice} onOpen={() => !notice.read && marking.mutate([notice.id])} />
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

function Line({ notice, onOpen }: { readonly notice: Alert; readonly onOpen: () => void }) {
  const { t, i18n } = useTranslation()
  const { kind, clock, ticket, dueAt } = notice
  const time = (at: string) => fullTime(new Date(at), i18n.language)
  const promise = clock ? t(`promise.kind.${clock}`) : ''
  return (
    <Link
      to="/inbox/$view/$ticketId"
      params={{ view: 'all', ticketId: ticket.id }}
      search={{}}
      className={styles.notice}
      data-read={notice.read || undefined}
      onClick={onOpen}
    >
      <Icon name={icons[kind]} />
      <span className={styles.words}>
        <span>
          {!notice.read && <span className="aside">{t('notices.unread')} </span>}
          {t(`notices.kind.${kind}`, { promise, time: dueAt ? time(dueAt) : '' })}
        </span>
        <small>
          #{ticket.number} · <bdi>{ticket.contact}</bdi> ·{' '}
          <time dateTime={notice.createdAt}>{time(notice.createdAt)}</time>
        </small>
      </span>
    </Link>
  )
}

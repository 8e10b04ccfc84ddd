import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Notice } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { problemText } from '../i18n/problem-text.ts'
import { Page } from '../shell/Page.tsx'
import { Button } from '../ui/Button.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Icon } from '../ui/Icon.tsx'
import type { IconName } from '../ui/icons.ts'
import { Spinner } from '../ui/Spinner.tsx'
import { toast } from '../ui/toast.ts'
import { markRead, noticesQuery } from './api.ts'
import styles from './Notices.module.css'
import { noticeWords } from './words.ts'

const icons: Partial<Record<Notice['kind'], IconName>> = {
  clock_warning: 'clock',
  clock_breach: 'warning',
  clock_step: 'flag',
  assigned: 'inbox',
  given_back: 'undo',
  customer_calls: 'bell',
  task_done: 'done',
  task_returned: 'undo',
  escalated: 'flag',
  escalation_answered: 'done',
  approval_waiting: 'clock',
  approval_approved: 'done',
  approval_returned: 'undo',
  approval_refused: 'warning',
  approval_late: 'warning',
}

/** What the reader should hear of, newest first. To open one is to have seen it. */
export function NoticesPage() {
  const { t } = useTranslation()
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(noticesQuery)
  const marking = useMutation({
    mutationFn: (ids: string[] | undefined) => markRead(ids),
    onError: (failure) => toast(problemText(failure, t), { tone: 'danger' }),
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

function Line({ notice, onOpen }: { readonly notice: Notice; readonly onOpen: () => void }) {
  const { t, i18n } = useTranslation()
  return (
    <Link
      to="/inbox/$view/$ticketId"
      params={{ view: 'all', ticketId: notice.ticketId ?? '' }}
      search={{}}
      className={styles.notice}
      data-read={notice.read || undefined}
      onClick={onOpen}
    >
      <Icon name={icons[notice.kind] ?? 'bell'} />
      <span className={styles.words}>
        <span>
          {!notice.read && <span className="aside">{t('notices.unread')} </span>}
          {noticeWords(notice, t, i18n.language)}
        </span>
        <small>
          #{notice.number} · <bdi>{notice.name}</bdi> ·{' '}
          <time dateTime={notice.at}>{fullTime(new Date(notice.at), i18n.language)}</time>
        </small>
      </span>
    </Link>
  )
}

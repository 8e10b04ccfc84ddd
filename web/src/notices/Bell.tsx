import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { figure, fullTime } from '../i18n/format.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { Popover } from '../ui/Popover.tsx'
import { markRead, noticesQuery } from './api.ts'
import styles from './Notices.module.css'
import { noticeWords } from './words.ts'

const most = 12

/** What one has to hear of, wherever one is. What it showed counts as seen when it is closed. */
export function Bell({ onNavigate }: { readonly onNavigate: (() => void) | undefined }) {
  const { t, i18n } = useTranslation()
  const { data } = useInfiniteQuery(noticesQuery)
  const [open, setOpen] = useState(false)
  const [first] = data?.pages ?? []
  const unread = first?.unread ?? 0
  const notices = first?.notices.slice(0, most) ?? []
  const show = (next: boolean) => {
    setOpen(next)
    const fresh = notices.filter(({ read }) => read === false).map(({ id }) => id)
    // Best effort: what could not be marked is still there the next time.
    if (!next && fresh.length > 0) void markRead(fresh).catch(() => {})
  }
  const leave = () => {
    show(false)
    onNavigate?.()
  }
  return (
    <span className={styles.bell}>
      <Popover
        label={t('notices.title')}
        open={open}
        onOpenChange={show}
        trigger={
          <IconButton icon="bell" label={unread > 0 ? t('notices.count', { count: unread }) : t('notices.title')} />
        }
      >
        {notices.length === 0 ? (
          <p>{t('notices.none')}</p>
        ) : (
          <ul className={styles.short}>
            {notices.map((notice) => (
              <li key={notice.id}>
                <Link
                  to="/inbox/$view/$ticketId"
                  params={{ view: 'all', ticketId: notice.ticketId ?? '' }}
                  search={{}}
                  className={styles.line}
                  data-unread={notice.read === false || undefined}
                  onClick={leave}
                >
                  <span>{noticeWords(notice, t, i18n.language)}</span>
                  <small>
                    <bdi>{notice.name}</bdi> {t('ticket.number', { number: notice.number ?? '' })} ·{' '}
                    {fullTime(new Date(notice.at), i18n.language)}
                  </small>
                </Link>
              </li>
            ))}
          </ul>
        )}
        <Link to="/notices" className={styles.all} onClick={leave}>
          {t('notices.all')}
        </Link>
      </Popover>
      {unread > 0 && (
        <span className={styles.badge} aria-hidden="true">
          {figure(Math.min(unread, 99), i18n.language)}
        </span>
      )}
    </span>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { figure, fullTime } from '../i18n/format.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { Popover } from '../ui/Popover.tsx'
import { newsQuery, seeNews } from './api.ts'
import styles from './Together.module.css'

/** What one has to hear of, wherever one is. Opened, it counts as seen. */
export function News({ onNavigate }: { readonly onNavigate: (() => void) | undefined }) {
  const { t, i18n } = useTranslation()
  const { data } = useQuery(newsQuery)
  const [open, setOpen] = useState(false)
  const unseen = data?.unseen ?? 0
  const show = (next: boolean) => {
    setOpen(next)
    const newest = data?.news[0]
    // When it is closed: until then what is new is marked.
    if (!next && newest && unseen > 0) void seeNews(newest.id)
  }
  const label = unseen > 0 ? t('news.unseen', { count: unseen }) : t('news.open')
  return (
    <span className={styles.bell}>
      <Popover
        label={t('news.title')}
        open={open}
        onOpenChange={show}
        trigger={<IconButton icon="bell" label={label} />}
      >
        {data?.news.length ? (
          <ul className={styles.notices}>
            {data.news.map((notice) => (
              <li key={notice.id}>
                <Link
                  to="/inbox/$view/$ticketId"
                  params={{ view: 'all', ticketId: notice.ticket.id }}
                  search={{}}
                  className={styles.notice}
                  data-unseen={!notice.seen || undefined}
                  onClick={() => {
                    show(false)
                    onNavigate?.()
                  }}
                >
                  <span>{t(`news.kind.${notice.kind}`, { by: notice.by ?? '' })}</span>
                  <small>
                    <bdi>{notice.ticket.contact}</bdi> {t('ticket.number', { number: notice.ticket.number })} ·{' '}
                    {fullTime(new Date(notice.at), i18n.language)}
                  </small>
                </Link>
              </li>
            ))}
          </ul>
        ) : (
          <p>{t('news.none')}</p>
        )}
      </Popover>
      {unseen > 0 && (
        <span className={styles.badge} aria-hidden="true">
          {figure(Math.min(unseen, 99), i18n.language)}
        </span>
      )}
    </span>
  )
}

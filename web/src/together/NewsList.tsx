import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import type { NewsPage } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { Popover } from '../ui/Popover.tsx'
import styles from './Together.module.css'

interface NewsListProps {
  readonly news: NewsPage['news']
  readonly button: ReactElement
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly onNavigate: (() => void) | undefined
}

export function NewsList({ news, button, open, onOpenChange, onNavigate }: NewsListProps) {
  const { t, i18n } = useTranslation()
  return (
    <Popover label={t('news.title')} open={open} onOpenChange={onOpenChange} trigger={button}>
      {news.length === 0 ? (
        <p>{t('news.none')}</p>
      ) : (
        <ul className={styles.notices}>
          {news.map((notice) => (
            <li key={notice.id}>
              <Link
                to="/inbox/$view/$ticketId"
                params={{ view: 'all', ticketId: notice.ticket.id }}
                search={{}}
                className={styles.notice}
                data-unseen={!notice.seen || undefined}
                onClick={() => {
                  onOpenChange(false)
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
      )}
    </Popover>
  )
}

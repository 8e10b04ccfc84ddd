import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import type { Notice } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { Popover } from '../ui/Popover.tsx'
import styles from './Notices.module.css'
import { noticeWords } from './words.ts'

interface NoticeListProps {
  readonly notices: readonly Notice[]
  readonly button: ReactElement
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly onNavigate: (() => void) | undefined
}

/** The newest ones, below the bell; the page of notices has all. */
export function NoticeList({ notices, button, open, onOpenChange, onNavigate }: NoticeListProps) {
  const { t, i18n } = useTranslation()
  const leave = () => {
    onOpenChange(false)
    onNavigate?.()
  }
  return (
    <Popover label={t('notices.title')} open={open} onOpenChange={onOpenChange} trigger={button}>
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
  )
}

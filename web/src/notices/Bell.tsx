import { useInfiniteQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { figure } from '../i18n/format.ts'
import { withWords } from '../i18n/i18n.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { markRead, noticesQuery } from './api.ts'
import styles from './Notices.module.css'

const NoticeList = lazy(loadList)
async function loadList() {
  return { default: (await withWords(import('./NoticeList.tsx'))).NoticeList }
}

const most = 12

/** What one has to hear of, wherever one is. What it showed counts as seen when it is closed. */
export function Bell({ onNavigate }: { readonly onNavigate: (() => void) | undefined }) {
  const { t, i18n } = useTranslation()
  const { data } = useInfiniteQuery(noticesQuery)
  const [open, setOpen] = useState(false)
  const [isAsked, setIsAsked] = useState(false)
  const [first] = data?.pages ?? []
  const unread = first?.unread ?? 0
  const notices = first?.notices.slice(0, most) ?? []
  const show = (next: boolean) => {
    setOpen(next)
    const fresh = notices.filter(({ read }) => read === false).map(({ id }) => id)
    // Best effort: what could not be marked is still there the next time.
    if (!next && fresh.length > 0) void markRead(fresh).catch(() => {})
  }
  const asks = {
    'aria-haspopup': 'dialog' as const,
    'aria-expanded': false,
    onPointerEnter: loadList,
    onClick: () => {
      setIsAsked(true)
      setOpen(true)
    },
  }
  const label = unread > 0 ? t('notices.count', { count: unread }) : t('notices.title')
  const button = <IconButton icon="bell" label={label} {...(isAsked ? {} : asks)} />
  return (
    <span className={styles.bell}>
      {isAsked ? (
        <Suspense fallback={button}>
          <NoticeList notices={notices} button={button} open={open} onOpenChange={show} onNavigate={onNavigate} />
        </Suspense>
      ) : (
        button
      )}
      {unread > 0 && (
        <span className={styles.badge} aria-hidden="true">
          {figure(Math.min(unread, 99), i18n.language)}
        </span>
      )}
    </span>
  )
}

import { Outlet, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import styles from './Inbox.module.css'
import { Queue } from './Queue.tsx'
import { isViewName, type ViewName } from './views.ts'

/** Queue and conversation side by side; on a narrow screen one at a time. */
export function Inbox() {
  const { t } = useTranslation()
  const { view = 'all', ticketId } = useParams({ strict: false })
  const name: ViewName = isViewName(view) ? view : 'all'
  return (
    <main className={styles.inbox} data-open={ticketId ? '' : undefined}>
      <h1 className="aside">{t('nav.inbox')}</h1>
      <Queue view={name} openId={ticketId ?? null} />
      <div className={styles.ticket} id="main" tabIndex={-1}>
        <Outlet />
      </div>
    </main>
  )
}

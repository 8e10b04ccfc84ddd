import { Outlet, useParams } from '@tanstack/react-router'
import styles from './Inbox.module.css'
import { Queue } from './Queue.tsx'
import { isViewName, type ViewName } from './views.ts'

/** Queue and conversation side by side; on a narrow screen one at a time. */
export function Inbox() {
  const { view = 'all', ticketId } = useParams({ strict: false })
  const name: ViewName = isViewName(view) ? view : 'all'
  return (
    <div className={styles.inbox} data-open={ticketId ? '' : undefined}>
      <Queue view={name} openId={ticketId ?? null} />
      <main className={styles.ticket} id="main" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  )
}

import { Outlet, useMatchRoute } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useHotkeys } from '../keyboard/hotkeys.ts'
import { useLive } from '../live/use-live.ts'
import { Spinner } from '../ui/Spinner.tsx'
import { Shortcuts } from './Shortcuts.tsx'
import { Sidebar } from './Sidebar.tsx'
import styles from './SignedIn.module.css'
import { StreamNotice } from './StreamNotice.tsx'
import { useMe } from './use-me.ts'

/** The frame around every page of somebody signed in: the views on the left, the page, the live stream behind both. */
export function SignedIn() {
  const { t } = useTranslation()
  const me = useMe()
  const stream = useLive(me.id)
  const [showsShortcuts, setShowsShortcuts] = useState(false)
  const inSettings = Boolean(useMatchRoute()({ to: '/settings', fuzzy: true }))
  useHotkeys({ '?': () => setShowsShortcuts(true) })
  return (
    <div className={styles.desk}>
      <a className={styles.skip} href="#main">
        {t('common.skip')}
      </a>
      <Sidebar
        place={inSettings ? 'settings' : 'inbox'}
        onShortcuts={() => setShowsShortcuts(true)}
        className={styles.sidebar}
      />
      <div className={styles.page}>
        <StreamNotice state={stream} />
        <Suspense
          fallback={
            <div className={styles.loading}>
              <Spinner label={t('common.loading')} />
            </div>
          }
        >
          <Outlet />
        </Suspense>
      </div>
      <Shortcuts open={showsShortcuts} onClose={() => setShowsShortcuts(false)} />
    </div>
  )
}

import { Outlet, useMatchRoute } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { withWords } from '../i18n/i18n.ts'
import { useCommandKeys, useCommands } from '../keyboard/commands.ts'
import { useLive } from '../live/use-live.ts'
import { useNotifier } from '../notify/use-notifier.ts'
import { usePaletteKey } from '../palette/use-palette-key.ts'
import { Spinner } from '../ui/Spinner.tsx'

import { Sidebar } from './Sidebar.tsx'
import styles from './SignedIn.module.css'
import { StreamNotice } from './StreamNotice.tsx'
import { useMe } from './use-me.ts'

const Shortcuts = lazy(async () => ({ default: (await withWords(import('./Shortcuts.tsx'))).Shortcuts }))
const Palette = lazy(async () => ({ default: (await withWords(import('../palette/Palette.tsx'))).Palette }))

/** The frame around every page of somebody signed in: the views on the left, the page, the live stream behind both. */
export function SignedIn() {
  const { t } = useTranslation()
  const me = useMe()
  const stream = useLive(me.id)
  useNotifier(me.id)
  const [showsShortcuts, setShowsShortcuts] = useState(false)
  const inSettings = Boolean(useMatchRoute()({ to: '/settings', fuzzy: true }))
  useCommandKeys()
  useCommands({ help: () => setShowsShortcuts(true) })
  const palette = usePaletteKey()
  return (
    <div className={styles.desk}>
      <a className={styles.skip} href="#main">
        {t('common.skip')}
      </a>
      <Sidebar
        place={inSettings ? 'settings' : 'inbox'}
        onShortcuts={() => setShowsShortcuts(true)}
        onPalette={palette.open}
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
      {/* Read when they are first asked for. */}
      <Suspense fallback={null}>
        {showsShortcuts && <Shortcuts open onClose={() => setShowsShortcuts(false)} />}
        {palette.isOpen && <Palette onClose={palette.close} />}
      </Suspense>
    </div>
  )
}

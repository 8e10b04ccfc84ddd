import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { withWords } from '../i18n/i18n.ts'
import { IconButton } from '../ui/IconButton.tsx'
import styles from './Drawer.module.css'
import type { SidebarProps } from './Sidebar.tsx'

const OpenDrawer = lazy(async () => ({ default: (await withWords(import('./OpenDrawer.tsx'))).OpenDrawer }))

/** The sidebar where there is no room for it: behind a button, on top of the page. */
export function DrawerButton({ place }: Pick<SidebarProps, 'place'>) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <IconButton
        icon="menu"
        label={t('nav.openViews')}
        className={styles.button}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(true)}
      />
      {isOpen && (
        <Suspense fallback={null}>
          <OpenDrawer place={place} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

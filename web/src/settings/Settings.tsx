import { Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DrawerButton } from '../shell/Drawer.tsx'
import styles from './Settings.module.css'

export function Settings() {
  const { t } = useTranslation()
  return (
    <main className={styles.settings} id="main" tabIndex={-1} aria-label={t('settings.title')}>
      <div className={styles.column}>
        <div className={styles.drawer}>
          <DrawerButton place="settings" />
        </div>
        <Outlet />
      </div>
    </main>
  )
}

import type { ReactNode } from 'react'
import { useTitle } from '../ui/use-title.ts'
import styles from './Settings.module.css'

/** The head every page of the settings has. */
export function SettingsPage({
  title,
  intro,
  action,
  children,
}: {
  readonly title: string
  readonly intro: string
  readonly action?: ReactNode
  readonly children: ReactNode
}) {
  useTitle(title)
  return (
    <>
      <header className={styles.header}>
        <div>
          <h1 className={styles.title}>{title}</h1>
          <p className={styles.intro}>{intro}</p>
        </div>
        {action}
      </header>
      {children}
    </>
  )
}

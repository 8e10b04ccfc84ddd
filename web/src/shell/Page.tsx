import type { ReactNode } from 'react'
import { useTitle } from '../ui/use-title.ts'
import { DrawerButton } from './Drawer.tsx'
import styles from './Page.module.css'

/** A page of its own beside the inbox: one column with a head. */
export function Page({
  title,
  intro,
  children,
}: {
  readonly title: string
  readonly intro?: string
  readonly children: ReactNode
}) {
  useTitle(title)
  return (
    <main className={styles.page} id="main" tabIndex={-1}>
      <div className={styles.column}>
        <header className={styles.header}>
          <DrawerButton place="inbox" />
          <div>
            <h1 className={styles.title}>{title}</h1>
            {intro && <p className={styles.intro}>{intro}</p>}
          </div>
        </header>
        {children}
      </div>
    </main>
  )
}

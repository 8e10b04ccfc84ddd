import type { ReactNode } from 'react'
import { useTitle } from '../ui/use-title.ts'
import { DrawerButton } from './Drawer.tsx'
import styles from './Page.module.css'

/** A page of its own beside the inbox: one column with a head. */
export function Page({
  title,
  intro,
  wide,
  children,
}: {
  readonly title: string
  readonly intro?: string
  readonly wide?: boolean
  readonly children: ReactNode
}) {
  useTitle(title)
  return (
    <main className={styles.page} id="main" tabIndex={-1}>
      <div className={styles.column} data-wide={wide || undefined}>
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

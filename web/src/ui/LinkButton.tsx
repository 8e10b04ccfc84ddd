import type { ReactNode } from 'react'
import styles from './Button.module.css'
import { Icon } from './Icon.tsx'

/** Leads out of the house, into a new tab that knows nothing of this one. */
export function LinkButton({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <a
      className={[styles.button, styles.plain, styles.small].join(' ')}
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
    >
      <Icon name="link" size={16} />
      <span className={styles.words}>{children}</span>
    </a>
  )
}

import type { ReactNode } from 'react'
import { Icon } from './Icon.tsx'
import type { IconName } from './icons.ts'
import styles from './Pill.module.css'

export type Tone = 'neutral' | 'accent' | 'danger' | 'doubt' | 'good' | 'note'

/** A state in a word. Colour is never the only difference: the word says it too. */
export function Pill({
  tone = 'neutral',
  icon,
  children,
}: {
  readonly tone?: Tone
  readonly icon?: IconName
  readonly children: ReactNode
}) {
  return (
    <span className={styles.pill} data-tone={tone}>
      {icon && <Icon name={icon} size={13} />}
      {children}
    </span>
  )
}

import styles from './Icon.module.css'
import { type IconName, icons } from './icons.ts'

/** Always beside words, or inside a control that has a name: so it is hidden from screen readers. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className={styles.icon} viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={icons[name]} />
    </svg>
  )
}

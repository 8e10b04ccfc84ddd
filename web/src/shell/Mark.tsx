import styles from './Sidebar.module.css'

/** The product's mark: a letter. */
export function Mark({ size = 26 }: { readonly size?: number }) {
  return (
    <svg className={styles.mark} viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" />
      <path d="M7 10.5h18v12H7z" />
      <path d="m7.5 11 8.5 7 8.5-7" />
    </svg>
  )
}

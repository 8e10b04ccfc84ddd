import styles from './Icon.module.css'

export interface ChannelIconProps {
  /** Path data as the API gives it: geometry, never markup. */
  readonly path: string
  /** Its name, where no words beside it say it. */
  readonly title?: string
  readonly size?: number
}

/** A channel's own mark. */
export function ChannelIcon({ path, title, size = 16 }: ChannelIconProps) {
  const shape = <path fillRule="evenodd" d={path} />
  if (title === undefined) {
    return (
      <svg
        className={styles.channel}
        viewBox="0 0 24 24"
        width={size}
        height={size}
        aria-hidden="true"
        focusable="false"
      >
        {shape}
      </svg>
    )
  }
  return (
    <svg className={styles.channel} viewBox="0 0 24 24" width={size} height={size} role="img" focusable="false">
      <title>{title}</title>
      {shape}
    </svg>
  )
}

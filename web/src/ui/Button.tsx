import type { ComponentProps, ReactNode } from 'react'
import styles from './Button.module.css'
import { Icon } from './Icon.tsx'
import type { IconName } from './icons.ts'
import { Spinner } from './Spinner.tsx'

export interface ButtonProps extends ComponentProps<'button'> {
  /** `primary` once per place. `quiet` has no border. */
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger' | 'note'
  readonly icon?: IconName
  readonly small?: boolean
  /** Shows that it is at work, and takes no second press. It keeps its focus. */
  readonly busy?: boolean
  readonly children?: ReactNode
}

export function Button({
  look = 'plain',
  icon,
  small,
  busy,
  children,
  className,
  onClick,
  disabled,
  ...rest
}: ButtonProps) {
  const classes = [styles.button, styles[look], small && styles.small, className].filter(Boolean).join(' ')
  return (
    <button
      type="button"
      {...rest}
      className={classes}
      disabled={disabled}
      aria-disabled={busy || rest['aria-disabled'] || undefined}
      onClick={(event) => {
        if (busy || rest['aria-disabled']) {
          event.preventDefault()
          return
        }
        onClick?.(event)
      }}
    >
      {busy ? <Spinner size={16} /> : icon && <Icon name={icon} size={small ? 16 : 18} />}
      {children !== undefined && <span className={styles.words}>{children}</span>}
    </button>
  )
}

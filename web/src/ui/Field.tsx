import { type ReactNode, useId } from 'react'
import styles from './Field.module.css'

export interface FieldProps {
  readonly label: string
  readonly help?: ReactNode
  readonly error?: string | null | undefined
  /** Not needed: said beside the label, since most fields are. */
  readonly optional?: string | undefined
  /** Draws the control with these, so that label, help and error belong to it. */
  readonly children: (ids: {
    readonly id: string
    readonly describedBy: string | undefined
    readonly invalid: boolean
  }) => ReactNode
}

export function Field({ label, help, error, optional, children }: FieldProps) {
  const id = useId()
  const describedBy = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
        {optional && <span className={styles.optional}>{optional}</span>}
      </label>
      {children({ id, describedBy, invalid: Boolean(error) })}
      {help && (
        <p className={styles.help} id={`${id}-help`}>
          {help}
        </p>
      )}
      {error && (
        <p className={styles.error} id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  )
}

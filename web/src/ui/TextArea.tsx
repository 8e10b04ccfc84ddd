import type { ComponentProps } from 'react'
import styles from './Field.module.css'
import { Field, type FieldProps } from './Field.tsx'

type TextAreaProps = Omit<FieldProps, 'children'> &
  Omit<ComponentProps<'textarea'>, 'onChange' | 'value'> & {
    readonly value: string
    readonly onChange: (value: string) => void
  }

export function TextArea({ label, help, error, optional, onChange, ...rest }: TextAreaProps) {
  return (
    <Field label={label} help={help} error={error} optional={optional}>
      {({ id, describedBy, invalid }) => (
        <textarea
          rows={4}
          dir="auto"
          {...rest}
          id={id}
          className={styles.input}
          aria-describedby={describedBy}
          aria-invalid={invalid || undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

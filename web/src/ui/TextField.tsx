import { type ComponentProps, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './Field.module.css'
import { Field, type FieldProps } from './Field.tsx'
import { IconButton } from './IconButton.tsx'

type TextFieldProps = Omit<FieldProps, 'children'> &
  Omit<ComponentProps<'input'>, 'onChange' | 'value'> & {
    readonly value: string
    readonly onChange: (value: string) => void
  }

export function TextField({ label, help, error, optional, onChange, type = 'text', ...rest }: TextFieldProps) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  const secret = type === 'password'
  return (
    <Field label={label} help={help} error={error} optional={optional}>
      {({ id, describedBy, invalid }) => (
        <div className={styles.control}>
          <input
            {...rest}
            id={id}
            className={styles.input}
            type={secret && shown ? 'text' : type}
            aria-describedby={describedBy}
            aria-invalid={invalid || undefined}
            onChange={(event) => onChange(event.target.value)}
          />
          {secret && (
            <IconButton
              small
              className={styles.eye}
              icon="eye"
              label={shown ? t('common.hide') : t('common.show')}
              aria-pressed={shown}
              onClick={() => setShown(!shown)}
            />
          )}
        </div>
      )}
    </Field>
  )
}

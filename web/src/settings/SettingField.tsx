import { useTranslation } from 'react-i18next'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { Switch } from '../ui/Switch.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { FormField } from './form.ts'

interface SettingFieldProps {
  readonly field: FormField
  readonly value: string
  /** A secret that holds a value already. */
  readonly isSet: boolean
  readonly error: string | null
  readonly onChange: (value: string) => void
}

export function SettingField({ field, value, isSet, error, onChange }: SettingFieldProps) {
  const { t } = useTranslation()
  const { title, help, kind, choices, isRequired, fallback } = field
  const shared = { label: title, help: help || undefined, error }
  if (kind === 'choice') {
    return (
      <Field {...shared}>
        {({ id, describedBy }) => (
          <Select
            id={id}
            describedBy={describedBy}
            value={value}
            onChange={onChange}
            choices={choices.map((choice) => ({ value: choice, label: choice }))}
          />
        )}
      </Field>
    )
  }
  if (kind === 'switch') {
    return (
      <Field {...shared}>
        {({ id, describedBy }) => (
          <Switch
            id={id}
            describedBy={describedBy}
            checked={value === 'true'}
            onChange={(on) => onChange(String(on))}
          />
        )}
      </Field>
    )
  }
  if (kind === 'area') {
    const optional = isRequired ? undefined : t('common.optional')
    return <TextArea {...shared} optional={optional} rows={6} value={value} onChange={onChange} />
  }
  const isSecret = kind === 'secret'
  const placeholder = isSecret
    ? isSet
      ? t('accounts.secretSet')
      : isRequired
        ? ''
        : t('accounts.secretMade')
    : (fallback ?? '')
  return (
    <TextField
      {...shared}
      optional={isRequired ? undefined : t('common.optional')}
      type={isSecret ? 'password' : kind === 'url' ? 'url' : 'text'}
      inputMode={kind === 'number' ? 'decimal' : undefined}
      // Not a sign-in: a browser's password keeper has no business here.
      autoComplete={isSecret ? 'new-password' : 'off'}
      spellCheck={false}
      placeholder={placeholder}
      value={value}
      onChange={onChange}
    />
  )
}

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { request } from '../api/request.ts'
import type { ContactField, PersonDetail } from '../api/wire.ts'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import { attempt, fieldsQuery } from './api.ts'
import styles from './Person.module.css'

/** What the house wants to know of its customers. Kept when a field is left. */
export function Fields({ person }: { readonly person: PersonDetail }) {
  const { t } = useTranslation()
  const { data: fields = [] } = useQuery(fieldsQuery)
  if (fields.length === 0) return null
  return (
    <section className={styles.section} aria-label={t('person.fields')}>
      <h3>{t('person.fields')}</h3>
      <div className={styles.form}>
        {fields.map((field) => (
          <Value
            key={`${person.id} ${field.id} ${person.values[field.id] ?? ''}`}
            field={field}
            personId={person.id}
            stored={person.values[field.id] ?? ''}
          />
        ))}
      </div>
    </section>
  )
}

const empty = '—'

function Value({
  field,
  personId,
  stored,
}: {
  readonly field: ContactField
  readonly personId: string
  readonly stored: string
}) {
  const { i18n } = useTranslation()
  const [text, setText] = useState(stored)
  const label = i18n.language === 'en' ? field.title.en : field.title.zh
  const save = (value: string) => {
    if (value.trim() === stored) return
    const values = { [field.id]: value.trim() === '' ? null : value.trim() }
    void attempt(() => request(`/api/contacts/${personId}/values`, { method: 'PATCH', body: { values } })).then(
      (done) => !done && setText(stored),
    )
  }
  if (field.type === 'choice') {
    const gone = stored !== '' && !field.choices.includes(stored) ? [stored] : []
    return (
      <Field label={label}>
        {({ id }) => (
          <Select
            id={id}
            value={text || empty}
            onChange={(next) => {
              const value = next === empty ? '' : next
              setText(value)
              save(value)
            }}
            choices={[empty, ...gone, ...field.choices].map((value) => ({ value, label: value }))}
          />
        )}
      </Field>
    )
  }
  return (
    <TextField
      label={label}
      type={field.type === 'date' ? 'date' : 'text'}
      value={text}
      onChange={setText}
      maxLength={500}
      autoComplete="off"
      onBlur={() => save(text)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) event.currentTarget.blur()
      }}
    />
  )
}

import { useTranslation } from 'react-i18next'
import type { Channel } from '../api/wire.ts'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import type { Mapping } from './api.ts'
import styles from './Imports.module.css'

interface ColumnsProps {
  readonly fields: NonNullable<Channel['imports']>['fields']
  readonly columns: readonly string[]
  readonly mapping: Mapping
  readonly onChange: (mapping: Mapping) => void
}

/** Which column holds what; nothing here knows what a channel's fields are. */
export function Columns({ fields, columns, mapping, onChange }: ColumnsProps) {
  const { t, i18n } = useTranslation()
  const words = ({ en, zh }: { readonly en: string; readonly zh: string }) => (i18n.language === 'en' ? en : zh)
  const choices = [
    { value: 'none', label: t('imports.noColumn') },
    ...columns.map((heading, index) => ({
      value: String(index),
      label: heading || t('imports.column', { number: index + 1 }),
    })),
  ]
  const choose = (name: string, value: string) => {
    const { [name]: _, ...rest } = mapping
    onChange(value === 'none' ? rest : { ...rest, [name]: Number(value) })
  }
  return (
    <section aria-label={t('imports.columns')} className={styles.step}>
      <div>
        <h3 className={styles.label}>{t('imports.columns')}</h3>
        <p className={styles.faint}>{t('imports.columnsHelp')}</p>
      </div>
      <div className={styles.columns}>
        {fields.map(({ name, title, help, required }) => (
          <Field
            key={name}
            label={words(title)}
            help={words(help)}
            optional={required ? undefined : t('common.optional')}
          >
            {({ id, describedBy }) => (
              <Select
                id={id}
                describedBy={describedBy}
                value={mapping[name] === undefined ? 'none' : String(mapping[name])}
                onChange={(value) => choose(name, value)}
                choices={choices}
              />
            )}
          </Field>
        ))}
      </div>
    </section>
  )
}

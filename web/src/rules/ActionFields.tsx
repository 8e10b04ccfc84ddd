import { useTranslation } from 'react-i18next'
import type { Priority, RuleAction } from '../api/wire.ts'
import { priorities } from '../inbox/views.ts'
import { categoryName } from '../ticket/category-name.ts'
import { CheckRow } from '../ui/CheckRow.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Select } from '../ui/Select.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { TextField } from '../ui/TextField.tsx'
import styles from './Rules.module.css'
import { useKnown } from './use-known.ts'

interface ActionFieldsProps {
  readonly value: RuleAction
  readonly onChange: (value: RuleAction) => void
  /** Null: the last one stays. */
  readonly onRemove: (() => void) | null
}

export function ActionFields({ value, onChange, onRemove }: ActionFieldsProps) {
  const { t } = useTranslation()
  const name = t(`rules.action.${value.type}`)
  return (
    <fieldset className={styles.part}>
      <div className={styles.partTop}>
        <span>{name}</span>
        {onRemove && <IconButton small icon="trash" label={t('rules.remove', { name })} onClick={onRemove} />}
      </div>
      <Done value={value} onChange={onChange} />
    </fieldset>
  )
}

function Done({ value, onChange }: Omit<ActionFieldsProps, 'onRemove'>) {
  const { t } = useTranslation()
  const { categories, people, teams, language } = useKnown()
  switch (value.type) {
    case 'category':
      return (
        <>
          <Target
            label={t('rules.action.category')}
            value={value.to}
            choices={categories
              .filter(({ id, archived }) => !archived || id === value.to)
              .map(({ id }) => ({ value: id, label: categoryName(categories, id, language) }))}
            onChange={(to) => onChange({ ...value, to })}
          />
          <CheckRow checked={value.replace} onChange={(replace) => onChange({ ...value, replace })}>
            {t('rules.replace')}
          </CheckRow>
        </>
      )
    case 'priority':
      return (
        <>
          <Select<Priority>
            label={t('rules.action.priority')}
            value={value.to}
            onChange={(to) => onChange({ ...value, to })}
            choices={priorities.map((one) => ({ value: one, label: t(`priority.${one}`) }))}
          />
          <CheckRow checked={value.lower} onChange={(lower) => onChange({ ...value, lower })}>
            {t('rules.lower')}
          </CheckRow>
        </>
      )
    case 'tag':
      return (
        <TextField
          label={t('ticket.tagName')}
          value={value.tag}
          onChange={(tag) => onChange({ ...value, tag })}
          maxLength={50}
        />
      )
    case 'team':
      return (
        <Target
          label={t('rules.action.team')}
          value={value.to}
          choices={teams.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(to) => onChange({ ...value, to })}
        />
      )
    case 'assignee':
      return (
        <Target
          label={t('rules.action.assignee')}
          value={value.to}
          choices={people.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(to) => onChange({ ...value, to })}
        />
      )
    case 'question':
      return (
        <>
          <TextArea
            label={t('quick.zh')}
            value={value.zh}
            onChange={(zh) => onChange({ ...value, zh })}
            maxLength={2000}
            lang="zh-CN"
          />
          <TextArea
            label={t('quick.en')}
            value={value.en}
            onChange={(en) => onChange({ ...value, en })}
            maxLength={2000}
            lang="en"
          />
        </>
      )
  }
}

const nothing = 'nothing'

function Target({
  label,
  value,
  choices,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly choices: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (value: string) => void
}) {
  const { t } = useTranslation()
  const present = choices.some((one) => one.value === value)
  return (
    <Select
      label={label}
      value={value === '' ? nothing : value}
      onChange={(next) => next !== nothing && onChange(next)}
      choices={[
        ...(value === '' ? [{ value: nothing, label: t('rules.choose') }] : []),
        ...(value !== '' && !present ? [{ value, label: t('rules.goneTarget') }] : []),
        ...choices,
      ]}
    />
  )
}

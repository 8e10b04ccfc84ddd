import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RuleCondition } from '../api/wire.ts'
import settings from '../settings/Settings.module.css'
import { categoryName } from '../ticket/category-name.ts'
import { CheckRow } from '../ui/CheckRow.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { TextField } from '../ui/TextField.tsx'
import { linesOf } from './blank.ts'
import styles from './Rules.module.css'
import { useKnown } from './use-known.ts'

interface ConditionFieldsProps {
  readonly value: RuleCondition
  readonly onChange: (value: RuleCondition) => void
  /** Null: the last one stays. */
  readonly onRemove: (() => void) | null
}

export function ConditionFields({ value, onChange, onRemove }: ConditionFieldsProps) {
  const { t } = useTranslation()
  const name = t(`rules.condition.${value.type}`)
  return (
    <fieldset className={styles.part}>
      <div className={styles.partTop}>
        <span>{name}</span>
        {onRemove && <IconButton small icon="trash" label={t('rules.remove', { name })} onClick={onRemove} />}
      </div>
      <Asked value={value} onChange={onChange} />
      <CheckRow checked={value.not} onChange={(not) => onChange({ ...value, not })}>
        {t('rules.notHelp')}
      </CheckRow>
    </fieldset>
  )
}

function Asked({ value, onChange }: Omit<ConditionFieldsProps, 'onRemove'>) {
  const { t, i18n } = useTranslation()
  const { categories, channels, language } = useKnown()
  switch (value.type) {
    case 'words':
      return (
        <>
          <Lines
            label={t('rules.words')}
            help={t('rules.wordsHelp')}
            lines={value.words}
            onChange={(words) => onChange({ ...value, words })}
          />
          <Lines
            label={t('rules.except')}
            help={t('rules.exceptHelp')}
            lines={value.except}
            onChange={(except) => onChange({ ...value, except })}
          />
          <CheckRow
            checked={value.negated === 'count'}
            onChange={(on) => onChange({ ...value, negated: on ? 'count' : 'skip' })}
          >
            {t('rules.negated')}
          </CheckRow>
        </>
      )
    case 'pattern':
      return (
        <TextField
          label={t('rules.pattern')}
          help={t('rules.patternHelp')}
          value={value.pattern}
          onChange={(pattern) => onChange({ ...value, pattern })}
          maxLength={500}
          spellCheck={false}
        />
      )
    case 'channel':
      return (
        <Checks
          any={value.any}
          choices={channels.map(({ channel, title }) => ({
            value: channel,
            label: i18n.language === 'en' ? title.en : title.zh,
          }))}
          onChange={(any) => onChange({ ...value, any })}
        />
      )
    case 'surface':
      return (
        <Checks
          any={value.any}
          choices={(['direct', 'public'] as const).map((one) => ({ value: one, label: t(`filter.surfaces.${one}`) }))}
          onChange={(any) => onChange({ ...value, any })}
        />
      )
    case 'followers':
      return (
        <Figure
          label={t('rules.followers')}
          value={value.min}
          most={1_000_000_000}
          onChange={(min) => onChange({ ...value, min })}
        />
      )
    case 'language':
      return (
        <Checks
          any={value.any}
          choices={['zh', 'en', 'ja', 'ko', 'es', 'fr', 'de', 'ru', 'ar', 'th', 'vi', 'id'].map((one) => ({
            value: one,
            label: new Intl.DisplayNames([i18n.language], { type: 'language' }).of(one) ?? one,
          }))}
          onChange={(any) => onChange({ ...value, any })}
        />
      )
    case 'hour':
      return (
        <div className={settings.pair}>
          <Figure
            label={t('rules.from')}
            value={value.from}
            most={23}
            onChange={(from) => onChange({ ...value, from })}
          />
          <Figure label={t('rules.to')} value={value.to} most={24} onChange={(to) => onChange({ ...value, to })} />
          <TextField
            label={t('rules.timeZone')}
            value={value.timeZone}
            onChange={(timeZone) => onChange({ ...value, timeZone })}
            maxLength={60}
          />
        </div>
      )
    case 'history':
      return (
        <div className={settings.pair}>
          <Figure
            label={t('rules.tickets')}
            value={value.tickets}
            most={1000}
            onChange={(tickets) => onChange({ ...value, tickets: Math.max(1, tickets) })}
          />
          <Figure
            label={t('rules.days')}
            value={value.days}
            most={3650}
            onChange={(days) => onChange({ ...value, days: Math.max(1, days) })}
          />
        </div>
      )
    case 'category':
      return (
        <Checks
          any={value.any.map((one) => one ?? '')}
          choices={[
            { value: '', label: t('category.none') },
            ...categories
              .filter(({ id, archived }) => !archived || value.any.includes(id))
              .map(({ id }) => ({ value: id, label: categoryName(categories, id, language) })),
          ]}
          onChange={(any) => onChange({ ...value, any: any.map((one) => one || null) })}
        />
      )
    case 'missing':
      return (
        <Checks
          any={value.facts}
          choices={(['model', 'serial', 'purchasedOn', 'proofId'] as const).map((one) => ({
            value: one,
            label: t(`facts.${one}`),
          }))}
          onChange={(facts) => onChange({ ...value, facts })}
        />
      )
  }
}

/** What was typed stays as it is; the words are read from it. */
function Lines({
  label,
  help,
  lines,
  onChange,
}: {
  readonly label: string
  readonly help: string
  readonly lines: readonly string[]
  readonly onChange: (lines: string[]) => void
}) {
  const [text, setText] = useState(lines.join('\n'))
  return (
    <TextArea
      label={label}
      help={help}
      value={text}
      rows={5}
      onChange={(next) => {
        setText(next)
        onChange(linesOf(next))
      }}
    />
  )
}

function Checks<T extends string>({
  any,
  choices,
  onChange,
}: {
  readonly any: readonly T[]
  readonly choices: readonly { readonly value: T; readonly label: string }[]
  readonly onChange: (any: T[]) => void
}) {
  return (
    <div className={styles.choices}>
      {choices.map(({ value, label }) => (
        <CheckRow
          key={value}
          checked={any.includes(value)}
          onChange={(on) => onChange(on ? [...any, value] : any.filter((one) => one !== value))}
        >
          {label}
        </CheckRow>
      ))}
    </div>
  )
}

function Figure({
  label,
  value,
  most,
  onChange,
}: {
  readonly label: string
  readonly value: number
  readonly most: number
  readonly onChange: (value: number) => void
}) {
  return (
    <TextField
      label={label}
      type="number"
      min={0}
      max={most}
      value={`${value}`}
      onChange={(text) => onChange(Math.min(most, Math.max(0, Math.floor(Number(text)) || 0)))}
    />
  )
}

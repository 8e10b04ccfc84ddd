import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { channelsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Rule, RuleTest, RuleTestResult } from '../api/wire.ts'
import settings from '../settings/Settings.module.css'
import { categoryName } from '../ticket/category-name.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Select } from '../ui/Select.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import styles from './Rules.module.css'
import { useKnown } from './use-known.ts'
import { failureWords, ruleName } from './words.ts'

const any = 'any'
const languages = ['zh', 'en', 'ja', 'ko', 'es', 'fr', 'de'] as const

/** A text, and what the rules would make of it; nothing is changed. */
export function Tester({ rules }: { readonly rules: readonly Rule[] }) {
  const { t, i18n } = useTranslation()
  const { data: channels = [] } = useQuery(channelsQuery)
  const [text, setText] = useState('')
  const [channel, setChannel] = useState(any)
  const [language, setLanguage] = useState(any)
  const [hour, setHour] = useState(any)
  const [all, setAll] = useState(!rules.some(({ enabled }) => enabled))
  const testing = useMutation({
    mutationFn: () => {
      const body: Partial<RuleTest> = {
        text: text.slice(0, 10_000),
        all,
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        ...(channel === any ? {} : { channel }),
        ...(language === any ? {} : { language }),
        ...(hour === any ? {} : { hour: Number(hour) }),
      }
      return request<RuleTestResult>('/api/rules/test', { method: 'POST', body })
    },
  })
  const names = new Intl.DisplayNames([i18n.language], { type: 'language' })
  return (
    <section className={styles.panel} aria-label={t('rules.tester.title')}>
      <h2 className={styles.heading}>{t('rules.tester.title')}</h2>
      <form
        className={settings.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (text.trim() !== '') testing.mutate()
        }}
      >
        <TextArea label={t('rules.tester.text')} value={text} onChange={setText} rows={3} maxLength={10_000} />
        <div className={settings.pair}>
          <Field label={t('filter.channel')}>
            {({ id }) => (
              <Select
                id={id}
                value={channel}
                onChange={setChannel}
                choices={[
                  { value: any, label: t('rules.tester.none') },
                  ...channels.map(({ channel: value, title }) => ({
                    value,
                    label: i18n.language === 'en' ? title.en : title.zh,
                  })),
                ]}
              />
            )}
          </Field>
          <Field label={t('rules.tester.language')}>
            {({ id }) => (
              <Select
                id={id}
                value={language}
                onChange={setLanguage}
                choices={[
                  { value: any, label: t('rules.tester.seen') },
                  ...languages.map((value) => ({ value, label: names.of(value) ?? value })),
                ]}
              />
            )}
          </Field>
          <Field label={t('rules.tester.hour')}>
            {({ id }) => (
              <Select
                id={id}
                value={hour}
                onChange={setHour}
                choices={[
                  { value: any, label: t('rules.tester.now') },
                  ...Array.from({ length: 24 }, (_, value) => ({ value: `${value}`, label: `${value}:00` })),
                ]}
              />
            )}
          </Field>
        </div>
        <CheckRow checked={all} onChange={setAll}>
          {t('rules.tester.all')}
        </CheckRow>
        <div>
          <Button look="primary" type="submit" busy={testing.isPending} disabled={text.trim() === ''}>
            {t('rules.tester.run')}
          </Button>
        </div>
      </form>
      {testing.isError && <ErrorNote error={testing.error} />}
      {testing.data && <Result result={testing.data} />}
    </section>
  )
}

function Result({ result }: { readonly result: RuleTestResult }) {
  const { t, i18n } = useTranslation()
  const { categories, people } = useKnown()
  const { outcome } = result
  const told = result.rules.filter(
    ({ hits, failure, conditions }) => hits || failure !== null || conditions.some(({ marks }) => marks.length > 0),
  )
  return (
    <div className={settings.form} role="status">
      <p className={styles.outcome}>
        <b>{t('rules.tester.becomes')}</b>
        <Pill icon="folder">
          {outcome.category === null ? t('category.none') : categoryName(categories, outcome.category, i18n.language)}
        </Pill>
        <Pill
          icon="flag"
          tone={outcome.priority === 'urgent' ? 'danger' : outcome.priority === 'high' ? 'doubt' : 'neutral'}
        >
          {t(`priority.${outcome.priority}`)}
        </Pill>
        {outcome.tags.map((tag) => (
          <Pill key={tag} icon="tag">
            {tag}
          </Pill>
        ))}
        {outcome.assignee && <Pill icon="person">{people.find(({ id }) => id === outcome.assignee)?.name ?? '…'}</Pill>}
        {outcome.question && <Pill icon="quick">{t('rules.does.question')}</Pill>}
      </p>
      {told.length === 0 && <p className={styles.line}>{t('rules.tester.nothing')}</p>}
      <ol className={styles.verdicts}>
        {told.map((verdict) => (
          <li key={verdict.id} className={styles.verdict}>
            <span className={styles.outcome}>
              <b>{ruleName(verdict, i18n.language)}</b>
              <Pill tone={verdict.hits ? 'good' : 'neutral'} icon={verdict.hits ? 'done' : 'close'}>
                {t(verdict.hits ? 'rules.tester.hits' : 'rules.tester.misses')}
              </Pill>
              {!verdict.enabled && <Pill>{t('rules.off')}</Pill>}
            </span>
            {verdict.failure && <span className={styles.wrong}>{failureWords(verdict.failure, t)}</span>}
            <ul className={styles.marks}>
              {verdict.conditions
                .flatMap(({ marks }) => marks)
                .slice(0, 8)
                .map((mark) => (
                  <li key={`${mark.word} ${mark.from}`}>
                    <Pill tone={mark.why === 'hit' ? 'accent' : 'doubt'}>
                      {t(`rules.mark.${mark.why}`, { word: mark.word, by: mark.by ?? '' })}
                    </Pill>
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ol>
    </div>
  )
}

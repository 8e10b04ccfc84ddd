import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { brandsQuery } from '../api/queries.ts'
import type { Account, Channel } from '../api/wire.ts'
import queue from '../inbox/Queue.module.css'
import { listOf } from '../inbox/views.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Popover } from '../ui/Popover.tsx'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import { languageName } from './language-name.ts'
import styles from './Mentions.module.css'
import { hasFilters, languages, type MentionSearch, spans } from './search.ts'

interface MentionFiltersProps {
  readonly search: MentionSearch
  readonly accounts: readonly Account[]
  readonly channels: readonly Channel[]
}

type ListName = 'account' | 'channel' | 'brand' | 'language'
const times = ['any', ...spans, 'days'] as const

/** What the list is narrowed to. Every choice is in the address at once. */
export function MentionFilters({ search, accounts, channels }: MentionFiltersProps) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { data: brands = [] } = useQuery(brandsQuery)
  const set = (change: { readonly [name in keyof MentionSearch]?: string }) =>
    navigate({ to: '/mentions', search: { ...search, ...change } as MentionSearch, replace: true })
  const group = (name: ListName, choices: readonly { readonly value: string; readonly label: string }[]) =>
    choices.length > 1 && (
      <fieldset>
        <legend>{name === 'channel' ? t('filter.channel') : t(`mentions.filter.${name}`)}</legend>
        <div className={queue.columns}>
          {choices.map(({ value, label }) => (
            <CheckRow
              key={value}
              checked={listOf(search[name]).includes(value)}
              onChange={(on) => {
                const rest = listOf(search[name]).filter((one) => one !== value)
                set({ [name]: (on ? [...rest, value] : rest).join(',') })
              }}
            >
              {label}
            </CheckRow>
          ))}
        </div>
      </fieldset>
    )
  // A watched account of before may have mentions still.
  const used = new Set(accounts.map(({ channel }) => channel))
  const { q: _, ...withoutWords } = search
  const time = search.since ?? (search.from || search.to ? 'days' : 'any')
  return (
    <Popover
      label={t('mentions.filter.open')}
      align="end"
      trigger={
        <IconButton
          icon="filter"
          label={t('mentions.filter.open')}
          className={hasFilters(withoutWords) ? queue.dot : undefined}
        />
      }
    >
      <div className={`${queue.filters} ${styles.filters}`}>
        <fieldset>
          <legend>{t('mentions.filter.time')}</legend>
          <Select
            label={t('mentions.filter.time')}
            value={time}
            onChange={(value) => {
              const today = new Intl.DateTimeFormat('en-CA').format(new Date())
              if (value === 'any') set({ since: '', from: '', to: '' })
              else if (value === 'days') set({ since: '', from: today, to: today })
              else set({ since: value, from: '', to: '' })
            }}
            choices={times.map((value) => ({ value, label: t(`mentions.filter.spans.${value}`) }))}
          />
          {time === 'days' && (
            <div className={styles.days}>
              <TextField
                label={t('mentions.filter.from')}
                type="date"
                value={search.from ?? ''}
                onChange={(from) => set({ from })}
              />
              <TextField
                label={t('mentions.filter.to')}
                type="date"
                value={search.to ?? ''}
                onChange={(to) => set({ to })}
              />
            </div>
          )}
        </fieldset>
        <fieldset>
          <legend>{t('mentions.filter.surface')}</legend>
          <Select
            label={t('mentions.filter.surface')}
            value={search.surface ?? 'all'}
            onChange={(value) => set({ surface: value === 'all' ? '' : value })}
            choices={(['all', 'public', 'direct'] as const).map((value) => ({
              value,
              label: t(`mentions.filter.surfaces.${value}`),
            }))}
          />
        </fieldset>
        {group(
          'account',
          accounts.map(({ id, name }) => ({ value: id, label: name })),
        )}
        {group(
          'channel',
          channels
            .filter(({ channel }) => used.has(channel))
            .map(({ channel, title }) => ({ value: channel, label: i18n.language === 'en' ? title.en : title.zh })),
        )}
        {group(
          'brand',
          brands.map(({ id, name }) => ({ value: id, label: name })),
        )}
        {group(
          'language',
          languages.map((value) => ({ value, label: languageName(value, i18n.language, t) })),
        )}
        {hasFilters(search) && (
          <Button
            small
            onClick={() => navigate({ to: '/mentions', search: search.state ? { state: search.state } : {} })}
          >
            {t('filter.clear')}
          </Button>
        )}
      </div>
    </Popover>
  )
}

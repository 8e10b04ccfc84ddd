import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { accountsQuery, brandsQuery, channelsQuery } from '../api/queries.ts'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import styles from './Figures.module.css'
import { type FigureSearch, spans } from './search.ts'
import { browserZone, zonesToChoose } from './zone.ts'

/** Of when, where and what; every choice is in the address at once. */
export function FigureFilters({ search, zone }: { readonly search: FigureSearch; readonly zone: string }) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { data: brands = [] } = useQuery(brandsQuery)
  const { data: channels = [] } = useQuery(channelsQuery)
  const { data: accounts = [] } = useQuery(accountsQuery)
  const set = (change: { readonly [name in keyof FigureSearch]?: string }) =>
    navigate({ to: '/figures', search: { ...search, ...change } as FigureSearch, replace: true })
  const language = i18n.language === 'en' ? 'en' : 'zh'
  const used = new Set(accounts.map(({ channel }) => channel))
  const present = channels.filter(({ channel }) => used.has(channel) || channel === search.channel)
  const byDays = search.from !== undefined || search.to !== undefined
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date())
  const all = 'all'
  return (
    <search className={styles.filters} aria-label={t('figures.filters')}>
      <Select
        label={t('figures.span')}
        value={byDays ? 'days' : (search.since ?? '30d')}
        onChange={(value) =>
          value === 'days' ? set({ since: '', from: today, to: today }) : set({ since: value, from: '', to: '' })
        }
        choices={[
          ...spans.map((value) => ({ value: value as string, label: t(`figures.spans.${value}`) })),
          { value: 'days', label: t('figures.spans.days') },
        ]}
      />
      {byDays && (
        <div className={styles.days}>
          {(['from', 'to'] as const).map((name) => (
            <TextField
              key={name}
              type="date"
              label={t(`figures.${name}`)}
              value={search[name] ?? ''}
              onChange={(value) => set({ [name]: value })}
            />
          ))}
        </div>
      )}
      <Select
        label={t('figures.zone')}
        value={zone}
        onChange={(value) => set({ zone: value === browserZone() ? '' : value })}
        choices={zonesToChoose(browserZone(), zone).map((value) => ({ value, label: value.replaceAll('_', ' ') }))}
      />
      {brands.length > 1 && (
        <Select
          label={t('figures.by.brand')}
          value={search.brand ?? all}
          onChange={(value) => set({ brand: value === all ? '' : value })}
          choices={[
            { value: all, label: t('figures.allBrands') },
            ...brands.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
      {present.length > 1 && (
        <Select
          label={t('figures.by.channel')}
          value={search.channel ?? all}
          onChange={(value) => set({ channel: value === all ? '' : value })}
          choices={[
            { value: all, label: t('figures.allChannels') },
            ...present.map(({ channel, title }) => ({ value: channel, label: title[language] })),
          ]}
        />
      )}
    </search>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { channelsQuery } from '../api/queries.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Popover } from '../ui/Popover.tsx'
import { Select } from '../ui/Select.tsx'
import styles from './Queue.module.css'
import { hasFilters, type InboxSearch, listOf, priorities, type Sort, sorts, statuses, type ViewName } from './views.ts'

/** What the list is narrowed to. Every choice is in the address at once. */
export function FilterButton({ view, search }: { readonly view: ViewName; readonly search: InboxSearch }) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { data: channels = [] } = useQuery(channelsQuery)
  const set = (change: Partial<InboxSearch>) =>
    navigate({ to: '.', params: true, search: { ...search, ...change }, replace: true })
  const toggle = (name: 'status' | 'channel' | 'priority', value: string, on: boolean) => {
    const rest = listOf(search[name]).filter((one) => one !== value)
    set({ [name]: (on ? [...rest, value] : rest).join(',') })
  }
  const group = (
    name: 'status' | 'channel' | 'priority',
    choices: readonly { readonly value: string; readonly label: string }[],
  ) => (
    <fieldset>
      <legend>{t(`filter.${name}`)}</legend>
      <div className={styles.columns}>
        {choices.map(({ value, label }) => (
          <CheckRow
            key={value}
            checked={listOf(search[name]).includes(value)}
            onChange={(on) => toggle(name, value, on)}
          >
            {label}
          </CheckRow>
        ))}
      </div>
    </fieldset>
  )
  return (
    <Popover
      label={t('filter.open')}
      align="end"
      trigger={
        <IconButton
          icon="filter"
          label={t('filter.open')}
          className={hasFilters({ ...search, q: '' }) || search.sort ? styles.dot : undefined}
        />
      }
    >
      <div className={styles.filters}>
        <fieldset>
          <legend>{t('filter.sort')}</legend>
          <Select<Sort>
            label={t('filter.sort')}
            value={search.sort ?? 'newest'}
            onChange={(sort) => set({ sort })}
            choices={sorts.map((value) => ({ value, label: t(`filter.sorts.${value}`) }))}
          />
        </fieldset>
        {group(
          'status',
          statuses.map((value) => ({ value, label: t(`status.${value}`) })),
        )}
        {group(
          'priority',
          priorities.map((value) => ({ value, label: t(`priority.${value}`) })),
        )}
        {channels.length > 1 &&
          group(
            'channel',
            channels.map(({ channel, title }) => ({
              value: channel,
              label: i18n.language === 'en' ? title.en : title.zh,
            })),
          )}
        {hasFilters(search) && (
          <Button small onClick={() => navigate({ to: '/inbox/$view', params: { view }, search: {} })}>
            {t('filter.clear')}
          </Button>
        )}
      </div>
    </Popover>
  )
}

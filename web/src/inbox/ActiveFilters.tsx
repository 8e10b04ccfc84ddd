import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { channelsQuery } from '../api/queries.ts'
import { Icon } from '../ui/Icon.tsx'
import styles from './Queue.module.css'
import { type InboxSearch, listOf } from './views.ts'

/** Every filter that is on, each with a way to take it off: an empty list is never a riddle. */
export function ActiveFilters({ search }: { readonly search: InboxSearch }) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { data: channels = [] } = useQuery(channelsQuery)
  const titleOf = (channel: string) => {
    const title = channels.find((one) => one.channel === channel)?.title
    return title ? (i18n.language === 'en' ? title.en : title.zh) : channel
  }
  const chips = [
    ...listOf(search.status).map((value) => ({ name: 'status' as const, value, label: t(`status.${value as 'new'}`) })),
    ...listOf(search.priority).map((value) => ({
      name: 'priority' as const,
      value,
      label: `${t('filter.priority')}: ${t(`priority.${value as 'low'}`)}`,
    })),
    ...listOf(search.channel).map((value) => ({ name: 'channel' as const, value, label: titleOf(value) })),
  ]
  if (chips.length === 0) return null
  const remove = (name: 'status' | 'priority' | 'channel', value: string) =>
    navigate({
      to: '.',
      params: true,
      search: {
        ...search,
        [name]: listOf(search[name])
          .filter((one) => one !== value)
          .join(','),
      },
      replace: true,
    })
  return (
    <ul className={styles.chips} aria-label={t('filter.title')}>
      {chips.map(({ name, value, label }) => (
        <li key={`${name}:${value}`}>
          <button
            type="button"
            className={styles.chip}
            onClick={() => remove(name, value)}
            aria-label={t('filter.remove', { name: label })}
          >
            {label}
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
    </ul>
  )
}

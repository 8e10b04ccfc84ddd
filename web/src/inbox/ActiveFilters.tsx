import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { allColleaguesQuery, brandsQuery, categoriesQuery, channelsQuery, teamsQuery } from '../api/queries.ts'
import { languageName } from '../mentions/language-name.ts'
import { categoryName } from '../ticket/category-name.ts'
import { namedStatusesQuery } from '../together/api.ts'
import { useName } from '../together/name.ts'
import { Icon } from '../ui/Icon.tsx'
import styles from './Queue.module.css'
import { type InboxSearch, listOf, type ViewName } from './views.ts'

interface Chip {
  readonly name: Exclude<keyof InboxSearch, 'q' | 'sort'>
  readonly value: string
  readonly label: string
}

/** Every filter that is on, each with a way to take it off: an empty list is never a riddle. */
export function ActiveFilters({ view, search }: { readonly view: ViewName; readonly search: InboxSearch }) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { data: channels = [] } = useQuery(channelsQuery)
  const { data: brands = [] } = useQuery(brandsQuery)
  const { data: teams } = useQuery({ ...teamsQuery, enabled: search.team !== undefined })
  const { data: named } = useQuery({ ...namedStatusesQuery, enabled: search.named !== undefined })
  const nameOf = useName()
  const { data: categories = [] } = useQuery({ ...categoriesQuery, enabled: search.category !== undefined })
  const isPerson = search.assignee !== undefined && search.assignee !== 'me' && search.assignee !== 'none'
  const { data: colleagues } = useQuery({ ...allColleaguesQuery, enabled: isPerson })
  const titleOf = (channel: string) => {
    const title = channels.find((one) => one.channel === channel)?.title
    return title ? (i18n.language === 'en' ? title.en : title.zh) : channel
  }
  const assignee = (id: string) =>
    id === 'me'
      ? t('filter.me')
      : id === 'none'
        ? t('filter.nobody')
        : (colleagues?.find((one) => one.id === id)?.name ?? '…')
  const team = (id: string) =>
    id === 'mine'
      ? t('filter.myTeams')
      : id === 'none'
        ? t('filter.noTeam')
        : (teams?.find((one) => one.id === id)?.name ?? '…')
  const of = (name: Chip['name'], label: (value: string) => string): Chip[] =>
    listOf(search[name]).map((value) => ({ name, value, label: label(value) }))
  const chips: Chip[] = [
    ...(search.assignee && view !== 'mine' && view !== 'unassigned'
      ? of('assignee', (value) => `${t('filter.assignee')}: ${assignee(value)}`)
      : []),
    ...of('status', (value) => t(`status.${value as 'new'}`)),
    ...of('named', (value) => {
      const one = named?.find(({ id }) => id === value)
      return one ? nameOf(one) : '…'
    }),
    ...of('priority', (value) => `${t('filter.priority')}: ${t(`priority.${value as 'low'}`)}`),
    ...of('team', (value) => `${t('filter.team')}: ${team(value)}`),
    ...of('category', (value) =>
      value === 'none'
        ? `${t('filter.category')}: ${t('category.none')}`
        : categoryName(categories, value, i18n.language),
    ),
    ...of('surface', (value) => t(`filter.surfaces.${value as 'direct'}`)),
    ...of('language', (value) => languageName(value, i18n.language, t)),
    ...of('brand', (value) => brands.find(({ id }) => id === value)?.name ?? '…'),
    ...of('channel', titleOf),
    ...(search.tag ? [{ name: 'tag' as const, value: search.tag, label: `${t('filter.tag')}: ${search.tag}` }] : []),
  ]
  if (chips.length === 0) return null
  const remove = ({ name, value }: Chip) => {
    const rest = name === 'tag' ? [] : listOf(search[name]).filter((one) => one !== value)
    navigate({ to: '.', params: true, search: { ...search, [name]: rest.join(',') }, replace: true })
  }
  return (
    <ul className={styles.chips} aria-label={t('filter.title')}>
      {chips.map((chip) => (
        <li key={`${chip.name}:${chip.value}`}>
          <button
            type="button"
            className={styles.chip}
            onClick={() => remove(chip)}
            aria-label={t('filter.remove', { name: chip.label })}
          >
            {chip.label}
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
    </ul>
  )
}

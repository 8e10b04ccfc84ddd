import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { brandsQuery } from '../api/queries.ts'
import type { Account, Channel } from '../api/wire.ts'
import styles from '../inbox/Queue.module.css'
import { listOf } from '../inbox/views.ts'
import { Icon } from '../ui/Icon.tsx'
import { languageName } from './language-name.ts'
import type { MentionSearch } from './search.ts'

interface ChipsProps {
  readonly search: MentionSearch
  readonly accounts: readonly Account[]
  readonly channels: readonly Channel[]
}

/** Every filter that is on, each with a way to take it off. */
export function Chips({ search, accounts, channels }: ChipsProps) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { data: brands = [] } = useQuery(brandsQuery)
  const titleOf = (value: string) => {
    const title = channels.find(({ channel }) => channel === value)?.title
    return title ? (i18n.language === 'en' ? title.en : title.zh) : value
  }
  const named = (list: readonly { readonly id: string; readonly name: string }[], id: string) =>
    list.find((one) => one.id === id)?.name ?? id
  const each = (name: 'account' | 'channel' | 'brand' | 'language', label: (value: string) => string) =>
    listOf(search[name]).map((value) => ({ name, value, label: label(value) }))
  const { since, surface, from, to } = search
  const chips: { readonly name: keyof MentionSearch; readonly value: string; readonly label: string }[] = [
    ...each('account', (id) => named(accounts, id)),
    ...each('channel', titleOf),
    ...each('brand', (id) => named(brands, id)),
    ...each('language', (code) => languageName(code, i18n.language, t)),
    ...(surface ? [{ name: 'surface' as const, value: surface, label: t(`mentions.filter.surfaces.${surface}`) }] : []),
    ...(since ? [{ name: 'since' as const, value: since, label: t(`mentions.filter.spans.${since}`) }] : []),
    ...(from ? [{ name: 'from' as const, value: from, label: t('mentions.filter.fromDay', { day: from }) }] : []),
    ...(to ? [{ name: 'to' as const, value: to, label: t('mentions.filter.toDay', { day: to }) }] : []),
  ]
  if (chips.length === 0) return null
  const remove = (name: keyof MentionSearch, value: string) => {
    const rest = listOf(search[name]).filter((one) => one !== value)
    navigate({ to: '/mentions', search: { ...search, [name]: rest.join(',') } as MentionSearch, replace: true })
  }
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

import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { allColleaguesQuery, brandsQuery, categoriesQuery, channelsQuery, teamsQuery } from '../api/queries.ts'
import type { SavedView } from '../api/wire.ts'
import { languageName } from '../mentions/language-name.ts'
import { languages } from '../mentions/search.ts'
import { categoryName } from '../ticket/category-name.ts'
import { namedStatusesQuery } from '../together/api.ts'
import { useName } from '../together/name.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { Popover } from '../ui/Popover.tsx'
import { Select } from '../ui/Select.tsx'
import styles from './Queue.module.css'
import { TagFilter } from './TagFilter.tsx'
import { deleteView } from './use-saved-views.ts'
import {
  hasFilters,
  type InboxSearch,
  listOf,
  priorities,
  type Sort,
  sorts,
  statuses,
  surfaces,
  type ViewName,
} from './views.ts'

const defaultSort = (view: ViewName): Sort =>
  view === 'closing' ? 'window' : view === 'breached' || view === 'soon' ? 'due' : 'newest'

type ListName = 'category' | 'language' | 'status' | 'named' | 'channel' | 'priority' | 'brand' | 'surface' | 'team'
const anybody = 'any'

interface FilterFormProps {
  readonly view: ViewName
  readonly search: InboxSearch
  /** What these filters are kept as; null: they are not. */
  readonly saved: SavedView | null
  readonly onName: (what: 'new' | 'rename') => void
}

/** Loaded when it is first asked for. */
export function FilterPopover({
  button,
  open,
  onOpenChange,
  ...form
}: FilterFormProps & {
  readonly button: ReactElement
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}) {
  const { t } = useTranslation()
  return (
    <Popover label={t('filter.open')} align="end" open={open} onOpenChange={onOpenChange} trigger={button}>
      <FilterForm {...form} />
    </Popover>
  )
}

/** Every choice is in the address at once. */
function FilterForm({ view, search, saved, onName }: FilterFormProps) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { data: channels = [] } = useQuery(channelsQuery)
  const { data: brands = [] } = useQuery(brandsQuery)
  const { data: categories = [] } = useQuery(categoriesQuery)
  const { data: colleagues = [] } = useQuery(allColleaguesQuery)
  const { data: teams = [] } = useQuery(teamsQuery)
  const { data: named = [] } = useQuery(namedStatusesQuery)
  const finer = named.filter(({ archived }) => !archived)
  const nameOf = useName()
  const set = (change: Partial<InboxSearch>) =>
    navigate({ to: '.', params: true, search: { ...search, ...change }, replace: true })
  const toggle = (name: ListName, value: string, on: boolean) => {
    const rest = listOf(search[name]).filter((one) => one !== value)
    set({ [name]: (on ? [...rest, value] : rest).join(',') })
  }
  const group = (name: ListName, choices: readonly { readonly value: string; readonly label: string }[]) => (
    <fieldset>
      <legend>{t(name === 'named' ? 'named.filter' : `filter.${name}`)}</legend>
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
    <div className={styles.filters}>
      <fieldset>
        <legend>{t('filter.sort')}</legend>
        <Select<Sort>
          label={t('filter.sort')}
          value={search.sort ?? defaultSort(view)}
          onChange={(sort) => set({ sort })}
          choices={sorts.map((value) => ({ value, label: t(`filter.sorts.${value}`) }))}
        />
      </fieldset>
      {view !== 'mine' && view !== 'unassigned' && (
        <fieldset>
          <legend>{t('filter.assignee')}</legend>
          <Select
            label={t('filter.assignee')}
            value={search.assignee ?? anybody}
            onChange={(value) => set({ assignee: value === anybody ? '' : value })}
            choices={[
              { value: anybody, label: t('filter.anybody') },
              { value: 'me', label: t('filter.me') },
              { value: 'none', label: t('filter.nobody') },
              ...colleagues.map(({ id, name: label }) => ({ value: id, label })),
            ]}
          />
        </fieldset>
      )}
      {group(
        'status',
        statuses.map((value) => ({ value, label: t(`status.${value}`) })),
      )}
      {finer.length > 0 &&
        group(
          'named',
          finer.map((one) => ({ value: one.id, label: nameOf(one) })),
        )}
      {group(
        'priority',
        priorities.map((value) => ({ value, label: t(`priority.${value}`) })),
      )}
      {group('category', [
        { value: 'none', label: t('category.none') },
        ...categories
          .filter(({ id, archived }) => !archived || listOf(search.category).includes(id))
          .map(({ id }) => ({ value: id, label: categoryName(categories, id, i18n.language) })),
      ])}
      {group(
        'surface',
        surfaces.map((value) => ({ value, label: t(`filter.surfaces.${value}`) })),
      )}
      {group(
        'language',
        languages.map((value) => ({ value, label: languageName(value, i18n.language, t) })),
      )}
      {teams.length > 0 &&
        group('team', [
          { value: 'mine', label: t('filter.myTeams') },
          ...teams.map(({ id, name: label }) => ({ value: id, label })),
          { value: 'none', label: t('filter.noTeam') },
        ])}
      {brands.length > 1 &&
        group(
          'brand',
          brands.map(({ id, name: label }) => ({ value: id, label })),
        )}
      {channels.length > 1 &&
        group(
          'channel',
          channels.map(({ channel, title }) => ({
            value: channel,
            label: i18n.language === 'en' ? title.en : title.zh,
          })),
        )}
      <TagFilter key={search.tag ?? ''} tag={search.tag ?? ''} onChange={(tag) => set({ tag })} />
      {(hasFilters(search) || search.sort !== undefined) && (
        <div className={styles.filterActions}>
          {saved === null && (
            <Button small icon="plus" onClick={() => onName('new')}>
              {t('saved.save')}
            </Button>
          )}
          {saved?.mine && (
            <>
              <Button small icon="edit" onClick={() => onName('rename')}>
                {t('saved.rename')}
              </Button>
              <Button small icon="trash" onClick={() => deleteView(saved)}>
                {t('saved.delete')}
              </Button>
            </>
          )}
          <Button small onClick={() => navigate({ to: '/inbox/$view', params: { view }, search: {} })}>
            {t('filter.clear')}
          </Button>
        </div>
      )}
    </div>
  )
}

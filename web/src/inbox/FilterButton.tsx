import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { allColleaguesQuery, brandsQuery, channelsQuery } from '../api/queries.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Popover } from '../ui/Popover.tsx'
import { Select } from '../ui/Select.tsx'
import styles from './Queue.module.css'
import { TagFilter } from './TagFilter.tsx'
import { deleteView, useSavedViews } from './use-saved-views.ts'
import {
  hasFilters,
  type InboxSearch,
  listOf,
  priorities,
  type Sort,
  savedAs,
  sorts,
  statuses,
  surfaces,
  type ViewName,
} from './views.ts'

const SaveViewDialog = lazy(async () => ({ default: (await import('./SaveViewDialog.tsx')).SaveViewDialog }))

type ListName = 'status' | 'channel' | 'priority' | 'brand' | 'surface'
const anybody = 'any'

/** What the list is narrowed to. Every choice is in the address at once. */
export function FilterButton({ view, search }: { readonly view: ViewName; readonly search: InboxSearch }) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { data: channels = [] } = useQuery(channelsQuery)
  const { data: brands = [] } = useQuery(brandsQuery)
  const [isOpen, setIsOpen] = useState(false)
  const [naming, setNaming] = useState<'new' | 'rename' | null>(null)
  const { data: colleagues = [] } = useQuery({ ...allColleaguesQuery, enabled: isOpen })
  const saved = savedAs(useSavedViews(), view, search)
  const set = (change: Partial<InboxSearch>) =>
    navigate({ to: '.', params: true, search: { ...search, ...change }, replace: true })
  const toggle = (name: ListName, value: string, on: boolean) => {
    const rest = listOf(search[name]).filter((one) => one !== value)
    set({ [name]: (on ? [...rest, value] : rest).join(',') })
  }
  const group = (name: ListName, choices: readonly { readonly value: string; readonly label: string }[]) => (
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
  const isNarrowed = hasFilters({ ...search, q: '' }) || search.sort !== undefined
  const name = (what: 'new' | 'rename') => {
    setIsOpen(false)
    setNaming(what)
  }
  return (
    <>
      <Popover
        label={t('filter.open')}
        align="end"
        open={isOpen}
        onOpenChange={setIsOpen}
        trigger={<IconButton icon="filter" label={t('filter.open')} className={isNarrowed ? styles.dot : undefined} />}
      >
        <div className={styles.filters}>
          <fieldset>
            <legend>{t('filter.sort')}</legend>
            <Select<Sort>
              label={t('filter.sort')}
              value={search.sort ?? (view === 'closing' ? 'window' : 'newest')}
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
          {group(
            'priority',
            priorities.map((value) => ({ value, label: t(`priority.${value}`) })),
          )}
          {group(
            'surface',
            surfaces.map((value) => ({ value, label: t(`filter.surfaces.${value}`) })),
          )}
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
          {(hasFilters(search) || isNarrowed) && (
            <div className={styles.filterActions}>
              {saved === null && (
                <Button small icon="plus" onClick={() => name('new')}>
                  {t('saved.save')}
                </Button>
              )}
              {saved?.mine && (
                <>
                  <Button small icon="edit" onClick={() => name('rename')}>
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
      </Popover>
      {naming && (
        <Suspense fallback={null}>
          <SaveViewDialog
            view={view}
            search={search}
            saved={naming === 'rename' ? saved : null}
            onClose={() => setNaming(null)}
          />
        </Suspense>
      )}
    </>
  )
}

import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { withWords } from '../i18n/i18n.ts'
import { IconButton } from '../ui/IconButton.tsx'
import styles from './Queue.module.css'
import { useSavedViews } from './use-saved-views.ts'
import { hasFilters, type InboxSearch, savedAs, type ViewName } from './views.ts'

const FilterPopover = lazy(loadFilters)
async function loadFilters() {
  return { default: (await withWords(import('./FilterForm.tsx'))).FilterPopover }
}
const SaveViewDialog = lazy(async () => ({ default: (await withWords(import('./SaveViewDialog.tsx'))).SaveViewDialog }))

/** What the list is narrowed to, and keeping it under a name. */
export function FilterButton({ view, search }: { readonly view: ViewName; readonly search: InboxSearch }) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  const [isAsked, setIsAsked] = useState(false)
  const [naming, setNaming] = useState<'new' | 'rename' | null>(null)
  const saved = savedAs(useSavedViews(), view, search)
  const isNarrowed = hasFilters({ ...search, q: '' }) || search.sort !== undefined
  const button = (
    <IconButton
      icon="filter"
      label={t('filter.open')}
      className={isNarrowed ? styles.dot : undefined}
      {...(isAsked
        ? {}
        : {
            'aria-haspopup': 'dialog' as const,
            'aria-expanded': false,
            onPointerEnter: loadFilters,
            onClick: () => {
              setIsAsked(true)
              setIsOpen(true)
            },
          })}
    />
  )
  return (
    <>
      {isAsked ? (
        <Suspense fallback={button}>
          <FilterPopover
            view={view}
            search={search}
            saved={saved}
            button={button}
            open={isOpen}
            onOpenChange={setIsOpen}
            onName={(what) => {
              setIsOpen(false)
              setNaming(what)
            }}
          />
        </Suspense>
      ) : (
        button
      )}
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

import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { countsQuery } from '../api/queries.ts'
import { useSavedViews } from '../inbox/use-saved-views.ts'
import { isViewName, queueQueryOf, readInboxSearch, savedAs, shownCount, viewIcons, viewNames } from '../inbox/views.ts'
import { Icon } from '../ui/Icon.tsx'
import styles from './Sidebar.module.css'
import { WorkLinks } from './WorkLinks.tsx'

/** Which one is current is said here: a list stays it while a conversation is open, and a saved one is not its view. */
const ownWords = { exact: true, includeSearch: true }

/** The lists of the inbox, each with how many conversations it has. What is resolved only grows: it has no figure. */
export function ViewLinks({ onNavigate }: { readonly onNavigate: (() => void) | undefined }) {
  const { t } = useTranslation()
  const { view: current } = useParams({ strict: false })
  const search = readInboxSearch(useSearch({ strict: false }))
  const saved = useSavedViews()
  const counted = useMemo(
    () => [
      ...viewNames.filter((view) => view !== 'resolved').map((view) => queueQueryOf(view, {})),
      ...saved.map((one) => queueQueryOf(one.view, readInboxSearch(one.search))),
    ],
    [saved],
  )
  const { data: counts = [] } = useQuery(countsQuery(counted))
  const shown = current && isViewName(current) ? savedAs(saved, current, search) : null
  return (
    <nav aria-label={t('nav.views')} className={styles.nav}>
      <ul>
        {viewNames.map((view, index) => (
          <li key={view} className={view === 'unknown' ? styles.apart : undefined}>
            <Link
              to="/inbox/$view"
              params={{ view }}
              search={{}}
              className={styles.link}
              onClick={onNavigate}
              activeOptions={ownWords}
              {...(current === view && !shown ? { 'aria-current': 'page' as const } : {})}
            >
              <Icon name={viewIcons[view]} />
              {t(`view.${view}`)}
              {view !== 'resolved' && (
                <Count count={counts[index]} isLoud={view === 'unknown' || view === 'failed' || view === 'breached'} />
              )}
            </Link>
          </li>
        ))}
      </ul>
      <WorkLinks onNavigate={onNavigate} />
      {saved.length > 0 && (
        <>
          <h2 className={styles.heading}>{t('saved.title')}</h2>
          <ul>
            {saved.map((one, index) => (
              <li key={one.id}>
                <Link
                  to="/inbox/$view"
                  params={{ view: one.view }}
                  search={readInboxSearch(one.search)}
                  className={styles.link}
                  onClick={onNavigate}
                  activeOptions={ownWords}
                  {...(shown?.id === one.id ? { 'aria-current': 'page' as const } : {})}
                >
                  <Icon name={one.shared ? 'people' : 'filter'} />
                  <bdi className={styles.words} title={one.name}>
                    {one.name}
                  </bdi>
                  {one.shared && <span className="aside">{t('saved.shared')}</span>}
                  <Count count={counts[viewNames.length - 1 + index]} isLoud={false} />
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </nav>
  )
}

function Count({ count, isLoud }: { readonly count: number | null | undefined; readonly isLoud: boolean }) {
  const { t } = useTranslation()
  if (!count) return null
  return (
    <span className={styles.count} data-loud={isLoud || undefined}>
      <span aria-hidden="true">{shownCount(count)}</span>
      <span className="aside">{count > 999 ? t('saved.countMore') : t('saved.count', { count })}</span>
    </span>
  )
}

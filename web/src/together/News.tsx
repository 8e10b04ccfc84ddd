import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { figure } from '../i18n/format.ts'
import { withWords } from '../i18n/i18n.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { newsQuery, seeNews } from './api.ts'
import styles from './Together.module.css'

const NewsList = lazy(loadList)
async function loadList() {
  return { default: (await withWords(import('./NewsList.tsx'))).NewsList }
}

/** What one has to hear of, wherever one is. Opened, it counts as seen. */
export function News({ onNavigate }: { readonly onNavigate: (() => void) | undefined }) {
  const { t, i18n } = useTranslation()
  const { data } = useQuery(newsQuery)
  const [open, setOpen] = useState(false)
  const [isAsked, setIsAsked] = useState(false)
  const unseen = data?.unseen ?? 0
  const show = (next: boolean) => {
    setOpen(next)
    const newest = data?.news[0]
    // When it is closed: until then what is new is marked.
    if (!next && newest && unseen > 0) void seeNews(newest.id)
  }
  const label = unseen > 0 ? t('news.unseen', { count: unseen }) : t('news.open')
  const first = {
    'aria-haspopup': 'dialog' as const,
    'aria-expanded': false,
    onPointerEnter: loadList,
    onClick: () => {
      setIsAsked(true)
      setOpen(true)
    },
  }
  const button = <IconButton icon="bell" label={label} {...(isAsked ? {} : first)} />
  return (
    <span className={styles.bell}>
      {isAsked ? (
        <Suspense fallback={button}>
          <NewsList news={data?.news ?? []} button={button} open={open} onOpenChange={show} onNavigate={onNavigate} />
        </Suspense>
      ) : (
        button
      )}
      {unseen > 0 && (
        <span className={styles.badge} aria-hidden="true">
          {figure(Math.min(unseen, 99), i18n.language)}
        </span>
      )}
    </span>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Bulk } from '../api/wire.ts'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { bulksQuery, codeText, isAtWork, turnBulk } from './api.ts'
import styles from './Bulk.module.css'

const place = 'huixin.bulk.seen'

/** Below the queue: how far a change of many conversations is, what failed, and the way back. It outlives the page. */
export function BulkDock() {
  const { data = [] } = useQuery(bulksQuery)
  const [seen, setSeen] = useState(() => new Set((localStorage.getItem(place) ?? '').split(',')))
  const hide = (id: string) => {
    const next = new Set([...seen, id].slice(-20))
    localStorage.setItem(place, [...next].join())
    setSeen(next)
  }
  // One conversation's has its own words, and its undo, where it was done.
  const shown = data.filter((bulk) => bulk.total > 1 && (isAtWork(bulk) || !seen.has(bulk.id))).slice(0, 2)
  if (shown.length === 0) return null
  return (
    <div className={styles.dock}>
      {shown.map((bulk) => (
        <One key={bulk.id} bulk={bulk} onHide={() => hide(bulk.id)} />
      ))}
    </div>
  )
}

function One({ bulk, onHide }: { readonly bulk: Bulk; readonly onHide: () => void }) {
  const { t } = useTranslation()
  const [showsProblems, setShowsProblems] = useState(false)
  const { id, state, total, waiting, changed, same, failed, undone, kept, problems } = bulk
  const works = isAtWork(bulk)
  const done = state === 'undoing' ? undone + kept : total - waiting
  const of = state === 'undoing' ? changed + undone + kept : total
  return (
    <section className={styles.one} aria-label={bulk.macro ?? t('bulk.title')}>
      <div className={styles.line}>
        <p className={styles.words} role="status">
          {works
            ? t(state === 'undoing' ? 'bulk.undoing' : 'bulk.running', { done, of })
            : state === 'undone'
              ? t('bulk.undone', { undone, kept })
              : t(state === 'stopped' ? 'bulk.stopped' : 'bulk.done', { changed, same, failed, waiting })}
        </p>
        {works ? (
          <Button small onClick={() => void turnBulk(id, 'stop')}>
            {t('bulk.stop')}
          </Button>
        ) : (
          <>
            {changed > 0 && (
              <Button small icon="undo" onClick={() => void turnBulk(id, 'undo')}>
                {t('bulk.undo')}
              </Button>
            )}
            <IconButton small icon="close" label={t('bulk.hide')} onClick={onHide} />
          </>
        )}
      </div>
      {works && <progress className={styles.progress} value={done} max={of} aria-label={t('bulk.title')} />}
      {problems.length > 0 && (
        <>
          <Button small look="quiet" aria-expanded={showsProblems} onClick={() => setShowsProblems(!showsProblems)}>
            {t('bulk.problems', { count: failed + kept })}
          </Button>
          {showsProblems && (
            <ul className={styles.problems}>
              {problems.map(({ ticketId, number, name, code }) => (
                <li key={ticketId}>
                  <Link to="/inbox/$view/$ticketId" params={{ view: 'all', ticketId }} search={{}}>
                    #{number} <bdi>{name}</bdi>
                  </Link>
                  {` ${codeText(code)}`}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </section>
  )
}

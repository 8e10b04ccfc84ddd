import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StreamState } from '../live/source.ts'
import { Spinner } from '../ui/Spinner.tsx'
import styles from './StreamNotice.module.css'

/** A break of a moment is nobody's business; one that lasts means that the page may be old. */
const patienceMs = 4_000

export function StreamNotice({ state }: { readonly state: StreamState }) {
  const { t } = useTranslation()
  const [lasts, setLasts] = useState(false)
  useEffect(() => {
    if (state !== 'broken') return setLasts(false)
    const timer = setTimeout(() => setLasts(true), patienceMs)
    return () => clearTimeout(timer)
  }, [state])
  return (
    <div role="status" className={styles.holder}>
      {lasts && (
        <p className={styles.notice}>
          <Spinner size={14} />
          {t('live.broken')}
        </p>
      )}
    </div>
  )
}

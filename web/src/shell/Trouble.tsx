import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import styles from './Trouble.module.css'

/** A page that could not be shown: what happened, and another try. */
export function Broken({ error, reset }: ErrorComponentProps) {
  return (
    <main className={styles.trouble} id="main">
      <ErrorNote
        error={error}
        onRetry={() => {
          reset()
          window.location.reload()
        }}
      />
    </main>
  )
}

export function Missing() {
  const { t } = useTranslation()
  return (
    <main className={styles.trouble} id="main">
      <Empty icon="question" title={t('problem.not_found')} action={<Link to="/">{t('settings.back')}</Link>} />
    </main>
  )
}

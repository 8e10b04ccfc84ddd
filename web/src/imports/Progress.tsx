import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { figure } from '../i18n/format.ts'
import { queryClient } from '../query-client.ts'
import buttons from '../ui/Button.module.css'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { badRowsPath, importQuery, isOver } from './api.ts'
import type { FileAccount } from './file-accounts.ts'
import styles from './Imports.module.css'
import { summaryOf } from './summary.ts'

interface ProgressProps {
  readonly id: string
  readonly chosen: FileAccount
  readonly onAgain: () => void
}

export function Progress({ id, chosen: { account }, onAgain }: ProgressProps) {
  const { t, i18n } = useTranslation()
  const { data, error, refetch } = useQuery(importQuery(id))
  const over = data !== undefined && isOver(data)
  useEffect(() => {
    if (over) queryClient.invalidateQueries({ queryKey: keys.imports(account.id) })
  }, [over, account.id])
  if (error && !data) return <ErrorNote error={error} onRetry={refetch} />
  if (!data) return <Spinner label={t('common.loading')} />
  const { rows, doneRows, bad, state } = data
  return (
    <section className={styles.step} aria-label={data.fileName}>
      <h2 className={styles.name}>
        {over && <Icon name={state === 'done' ? 'done' : 'warning'} />}
        <bdi>{over ? t(state === 'done' ? 'imports.done' : 'imports.failed') : data.fileName}</bdi>
      </h2>
      {!over && (
        <>
          <progress className={styles.progress} max={rows} value={doneRows} aria-label={data.fileName} />
          <p role="status">
            {t('imports.progress', { done: figure(doneRows, i18n.language), rows: figure(rows, i18n.language) })}
          </p>
          <p className={styles.faint}>{t('imports.background')}</p>
        </>
      )}
      {over && (
        <>
          <p role="status">{summaryOf(data, t, i18n.language)}</p>
          <div className={styles.line}>
            {account.intake === 'watch' ? (
              <Link to="/mentions" search={{ account: account.id }} className={`${buttons.button} ${buttons.primary}`}>
                {t('imports.toMentions')}
              </Link>
            ) : (
              <Link
                to="/inbox/$view"
                params={{ view: 'all' }}
                search={{ channel: account.channel }}
                className={`${buttons.button} ${buttons.primary}`}
              >
                {t('imports.toInbox')}
              </Link>
            )}
            {state === 'done' && bad > 0 && (
              <a className={`${buttons.button} ${buttons.plain}`} href={badRowsPath(id)} download="">
                <Icon name="download" size={18} />
                {t('imports.downloadBad')}
              </a>
            )}
            <Button onClick={onAgain}>{t('imports.again')}</Button>
          </div>
        </>
      )}
    </section>
  )
}

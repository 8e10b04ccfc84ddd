import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { figure, fullTime } from '../i18n/format.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Pill } from '../ui/Pill.tsx'
import { badRowsPath, importsQuery, isOver } from './api.ts'
import styles from './Imports.module.css'
import { summaryOf } from './summary.ts'

export function History({ accountId }: { readonly accountId: string }) {
  const { t, i18n } = useTranslation()
  const { data, error, refetch } = useQuery({
    ...importsQuery(accountId),
    // Another person's import, or one that was begun before this page was opened.
    refetchInterval: ({ state }) => (state.data?.some((one) => !isOver(one)) ? 2_000 : false),
  })
  return (
    <section className={styles.step} aria-label={t('imports.history')}>
      <h2 className={styles.label}>{t('imports.history')}</h2>
      {error && !data && <ErrorNote error={error} onRetry={refetch} />}
      {data?.length === 0 && <p className={styles.faint}>{t('imports.historyNone')}</p>}
      <ul className={styles.history}>
        {data?.map((one) => (
          <li key={one.id}>
            <p className={styles.line}>
              <bdi className={styles.author}>{one.fileName}</bdi>
              <Pill tone={one.state === 'done' ? 'good' : one.state === 'failed' ? 'danger' : 'accent'}>
                {t(`imports.states.${one.state}`)}
              </Pill>
              <span className={styles.faint}>
                {one.startedBy.name} · {fullTime(new Date(one.createdAt), i18n.language)}
              </span>
            </p>
            <p className={styles.line}>
              <span>
                {isOver(one)
                  ? summaryOf(one, t, i18n.language)
                  : t('imports.progress', {
                      done: figure(one.doneRows, i18n.language),
                      rows: figure(one.rows, i18n.language),
                    })}
              </span>
              {one.state === 'done' && one.bad > 0 && (
                <a href={badRowsPath(one.id)} download="">
                  <Icon name="download" size={14} /> {t('imports.downloadBad')}
                </a>
              )}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

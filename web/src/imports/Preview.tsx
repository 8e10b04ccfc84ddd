import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import type { Uploaded } from '../api/wire.ts'
import { figure, fullTime } from '../i18n/format.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { webUrl } from '../thread/web-url.ts'
import buttons from '../ui/Button.module.css'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Icon } from '../ui/Icon.tsx'
import { toast } from '../ui/toast.ts'
import { badRowsPath, discardFile, type Mapping, previewFile, startImport } from './api.ts'
import { Columns } from './Columns.tsx'
import type { FileAccount } from './file-accounts.ts'
import styles from './Imports.module.css'

interface PreviewProps {
  readonly uploaded: Uploaded
  readonly chosen: FileAccount
  readonly onStarted: (id: string) => void
  readonly onDiscard: () => void
}

/** What would come of the file, before anything does. */
export function Preview({ uploaded, chosen, onStarted, onDiscard }: PreviewProps) {
  const { t, i18n } = useTranslation()
  const { id } = uploaded.import
  const fields = chosen.takes.fields
  const [mapping, setMapping] = useState<Mapping>(uploaded.preview.mapping)
  const looking = useMutation({ mutationFn: (wanted: Mapping) => previewFile(id, wanted) })
  const starting = useMutation({
    mutationFn: () => startImport(id, mapping),
    onSuccess: () => {
      queryClient.invalidateQueries({ queryKey: keys.imports(chosen.account.id) })
      onStarted(id)
    },
  })
  const discard = () => {
    discardFile(id).catch((error: unknown) => toast(problemText(error, t), { tone: 'danger' }))
    onDiscard()
  }
  const { preview, import: file } = looking.data ?? uploaded
  const titleOf = (name: string) => {
    const title = fields.find((field) => field.name === name)?.title
    return title ? (i18n.language === 'en' ? title.en : title.zh) : name
  }
  const count = (value: number) => ({ count: value, figure: figure(value, i18n.language) })
  return (
    <section className={styles.step} aria-label={file.fileName}>
      <div className={styles.line}>
        <h2 className={styles.name}>
          <Icon name="file" />
          <bdi>{file.fileName}</bdi> <small className={styles.faint}>{preview.encoding}</small>
        </h2>
        <Button small onClick={discard}>
          {t('imports.another')}
        </Button>
      </div>
      <Columns
        fields={fields}
        columns={preview.columns}
        mapping={mapping}
        onChange={(next) => {
          setMapping(next)
          looking.mutate(next)
        }}
      />
      {looking.error && <ErrorNote error={looking.error} />}
      {preview.missing.length > 0 ? (
        <p role="status">{t('imports.missing', { fields: preview.missing.map(titleOf).join('、') })}</p>
      ) : (
        <p role="status" className={styles.sum}>
          <span data-tone="good">{t('imports.good', count(preview.good))}</span>
          {preview.bad > 0 && <span data-tone="bad">{t('imports.bad', count(preview.bad))}</span>}
        </p>
      )}
      {preview.problems.length > 0 && (
        <details className={styles.problems} open>
          <summary>{t('imports.problems')}</summary>
          {/* Scrolls by keys. */}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
          <section className={styles.scroll} tabIndex={0} aria-label={t('imports.problems')}>
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">{t('imports.line')}</th>
                  <th scope="col">{t('imports.reason')}</th>
                  <th scope="col">{t('imports.content')}</th>
                </tr>
              </thead>
              <tbody>
                {preview.problems.map(({ line, text, cells }) => (
                  <tr key={line}>
                    <td>{line}</td>
                    <td className={styles.why}>{i18n.language === 'en' ? text.en : text.zh}</td>
                    <td className={styles.cells} dir="auto">
                      {cells.filter((cell) => cell.trim() !== '').join(' · ')}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          {preview.bad > preview.problems.length && (
            <p className={styles.faint}>{t('imports.problemsMore', { count: preview.problems.length })}</p>
          )}
          <a className={`${buttons.button} ${buttons.plain} ${buttons.small}`} href={badRowsPath(id)} download="">
            <Icon name="download" size={16} />
            {t('imports.downloadBad')}
          </a>
        </details>
      )}
      {preview.missing.length === 0 && preview.good === 0 && <p>{t('imports.previewNone')}</p>}
      {preview.first.length > 0 && (
        <>
          <h3 className={styles.label}>{t('imports.preview', { count: preview.first.length })}</h3>
          <ol className={styles.first}>
            {preview.first.map((row) => (
              <li key={row.line}>
                <p className={styles.meta}>
                  <bdi className={styles.author}>{row.author}</bdi>
                  <time dateTime={row.sentAt}>{fullTime(new Date(row.sentAt), i18n.language)}</time>
                  {webUrl(row.url) && <bdi className={styles.url}>{row.url}</bdi>}
                </p>
                {row.context && (
                  <p className={styles.faint} dir="auto">
                    {row.context}
                  </p>
                )}
                <p className={styles.text} dir="auto">
                  {row.text}
                </p>
              </li>
            ))}
          </ol>
        </>
      )}
      {starting.error && <ErrorNote error={starting.error} />}
      <Button
        look="primary"
        icon="upload"
        className={styles.start}
        busy={starting.isPending || looking.isPending}
        disabled={preview.missing.length > 0 || preview.good === 0}
        onClick={() => starting.mutate()}
      >
        {starting.isPending ? t('imports.starting') : t('imports.start', count(preview.good))}
      </Button>
    </section>
  )
}

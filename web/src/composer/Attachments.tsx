import { useTranslation } from 'react-i18next'
import { fileSize } from '../i18n/format.ts'
import { problemText } from '../i18n/problem-text.ts'
import { Icon } from '../ui/Icon.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import styles from './Attachments.module.css'
import { previewOf, removeFile } from './uploads.ts'
import type { ComposerState } from './use-composer.ts'

/** What goes along, and what is still on its way. */
export function Attachments({ composer }: { readonly composer: ComposerState }) {
  const { t } = useTranslation()
  const { files, uploads, ticket, draft, language } = composer
  if (files.length + uploads.length === 0) return null
  return (
    <ul className={styles.files} aria-label={t('composer.attachments')}>
      {files.map((file) => {
        const name = file.name ?? t(`media.kind.${file.kind}`)
        const preview = previewOf(file.id)
        return (
          <li key={file.id} className={styles.file}>
            {preview ? (
              <img className={styles.preview} src={preview} alt="" />
            ) : (
              <Icon name={file.kind === 'photo' ? 'image' : 'file'} />
            )}
            <span className={styles.name}>
              <bdi>{name}</bdi>
              <small>
                {t(`media.kind.${file.kind}`)}
                {file.bytes !== null && ` · ${fileSize(file.bytes, language)}`}
              </small>
            </span>
            <IconButton
              small
              icon="close"
              label={t('composer.removeFile', { name })}
              onClick={() => removeFile(ticket.id, draft.mode, file)}
            />
          </li>
        )
      })}
      {uploads.map(({ id, name, share, error, stop }) => (
        <li key={id} className={styles.file} data-failed={error ? '' : undefined}>
          <Icon name={error ? 'warning' : 'file'} />
          <span className={styles.name}>
            <bdi>{name}</bdi>
            {error ? (
              <small role="alert">{t('composer.uploadFailed', { name, reason: problemText(error, t) })}</small>
            ) : (
              <progress
                className={styles.progress}
                max={1}
                value={share}
                aria-label={t('composer.uploading', { name, percent: Math.round(share * 100) })}
              />
            )}
          </span>
          <IconButton small icon="close" label={t('composer.removeFile', { name })} onClick={stop} />
        </li>
      ))}
    </ul>
  )
}

import { useTranslation } from 'react-i18next'
import { figure, fileSize } from '../i18n/format.ts'
import { problemText } from '../i18n/problem-text.ts'
import { Field } from '../ui/Field.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import styles from './Entry.module.css'
import type { useEntryFiles } from './use-entry-files.ts'

/** Pictures of what was handed in. */
export function EntryFiles({ files }: { readonly files: ReturnType<typeof useEntryFiles> }) {
  const { t, i18n } = useTranslation()
  const { limits } = files
  if (!limits) return null
  const help = t('entry.filesHelp', {
    max: figure(limits.max, i18n.language),
    size: fileSize(limits.maxBytes, i18n.language),
  })
  return (
    <Field
      label={t('entry.files')}
      optional={t('common.optional')}
      help={help}
      error={files.tooMany ? t('entry.tooMany', { count: limits.max }) : null}
    >
      {({ id, describedBy }) => (
        <div className={styles.files}>
          <input
            id={id}
            type="file"
            multiple
            aria-describedby={describedBy}
            onChange={(event) => {
              files.add([...(event.target.files ?? [])])
              // The same file may be picked again after it was removed.
              event.target.value = ''
            }}
          />
          <ul>
            {files.files.map((file) => (
              <li key={file.id}>
                <bdi>{file.name}</bdi>
                {file.error !== null ? (
                  <span className={styles.bad}>{problemText(file.error, t)}</span>
                ) : (
                  file.media === null && <progress value={file.share} aria-label={file.name} />
                )}
                <IconButton
                  small
                  icon="close"
                  label={t('composer.removeFile', { name: file.name })}
                  onClick={() => files.remove(file.id)}
                />
              </li>
            ))}
          </ul>
        </div>
      )}
    </Field>
  )
}

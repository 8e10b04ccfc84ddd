import { useMutation } from '@tanstack/react-query'
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Uploaded } from '../api/wire.ts'
import { figure, fileSize } from '../i18n/format.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { uploadFile } from './api.ts'
import type { FileAccount } from './file-accounts.ts'
import styles from './Imports.module.css'

interface ChooseFileProps {
  readonly chosen: FileAccount
  readonly onUploaded: (uploaded: Uploaded) => void
}

export function ChooseFile({ chosen: { account, takes }, onUploaded }: ChooseFileProps) {
  const { t, i18n } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  const [isTooLarge, setIsTooLarge] = useState(false)
  const uploading = useMutation({ mutationFn: (file: File) => uploadFile(account.id, file), onSuccess: onUploaded })
  const size = fileSize(takes.maxBytes, i18n.language)
  const take = (file: File | undefined) => {
    if (!file || uploading.isPending) return
    setIsTooLarge(file.size > takes.maxBytes)
    if (file.size <= takes.maxBytes) uploading.mutate(file)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    take(event.dataTransfer.files[0])
  }
  return (
    <section
      className={styles.drop}
      data-over={isOver || undefined}
      aria-label={t('imports.choose')}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t('imports.choose')}
        accept={takes.extensions.join(',')}
        onChange={(event) => {
          take(event.target.files?.[0])
          // The same file may be chosen again, mended.
          event.target.value = ''
        }}
      />
      <Button look="primary" icon="upload" busy={uploading.isPending} onClick={() => input.current?.click()}>
        {t(uploading.isPending ? 'imports.reading' : 'imports.choose')}
      </Button>
      <p className={styles.faint}>
        {t('imports.drop', {
          extensions: takes.extensions.join(' '),
          size,
          rows: figure(takes.maxRows, i18n.language),
        })}
      </p>
      {isTooLarge && <p role="alert">{t('imports.tooLarge', { size })}</p>}
      {uploading.error && !isTooLarge && <ErrorNote error={uploading.error} />}
    </section>
  )
}

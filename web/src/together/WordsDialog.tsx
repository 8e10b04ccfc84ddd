import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import styles from './Together.module.css'

interface WordsDialogProps {
  readonly title: string
  readonly label: string
  readonly help?: string
  readonly action: string
  readonly initial?: string
  readonly maxLength?: number
  readonly onSave: (words: string) => Promise<unknown>
  readonly onClose: () => void
}

/** One field and what is done with it. It closes once that was done. */
export function WordsDialog({ title, label, help, action, initial = '', onSave, onClose, ...rest }: WordsDialogProps) {
  const { t } = useTranslation()
  const [words, setWords] = useState(initial)
  const saving = useMutation({ mutationFn: () => onSave(words.trim()), onSuccess: onClose })
  const complete = words.trim() !== ''
  return (
    <Dialog open onClose={onClose} title={title}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (complete && !saving.isPending) saving.mutate()
        }}
      >
        <TextArea
          label={label}
          help={help}
          value={words}
          onChange={setWords}
          maxLength={rest.maxLength ?? 10_000}
          required
        />
        {saving.error && <ErrorNote error={saving.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" busy={saving.isPending} disabled={!complete}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

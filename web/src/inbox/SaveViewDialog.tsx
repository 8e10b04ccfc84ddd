import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SavedView } from '../api/wire.ts'
import { useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Segments } from '../ui/Segments.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import styles from './Queue.module.css'
import { saveView } from './use-saved-views.ts'
import type { InboxSearch, ViewName } from './views.ts'

interface SaveViewDialogProps {
  readonly view: ViewName
  readonly search: InboxSearch
  /** The one that gets another name; null: a new one. */
  readonly saved: SavedView | null
  readonly onClose: () => void
}

export function SaveViewDialog({ view, search, saved, onClose }: SaveViewDialogProps) {
  const { t } = useTranslation()
  const mayShare = useMe().role !== 'agent'
  const [name, setName] = useState(saved?.name ?? '')
  const [shared, setShared] = useState(saved?.shared ?? false)
  const saving = useMutation({
    mutationFn: () => saveView({ name: name.trim(), view, search, shared }, saved?.id),
    onSuccess: () => {
      toast(t('saved.saved', { name: name.trim() }))
      onClose()
    },
  })
  return (
    <Dialog open onClose={onClose} title={t(saved ? 'saved.rename' : 'saved.save')}>
      <form
        className={styles.saveForm}
        onSubmit={(event) => {
          event.preventDefault()
          saving.mutate()
        }}
      >
        <TextField label={t('saved.name')} value={name} onChange={setName} required maxLength={60} />
        {mayShare && !saved && (
          <Segments<'me' | 'all'>
            label={t('saved.who')}
            value={shared ? 'all' : 'me'}
            onChange={(who) => setShared(who === 'all')}
            choices={[
              { value: 'me', label: t('saved.onlyMe') },
              { value: 'all', label: t('saved.everybody') },
            ]}
          />
        )}
        {saving.isError && <ErrorNote error={saving.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" busy={saving.isPending} disabled={name.trim() === ''}>
            {t('common.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

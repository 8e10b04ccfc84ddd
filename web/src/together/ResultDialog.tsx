import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Outcome, TicketDetail } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { toast } from '../ui/toast.ts'
import { setResult } from './api.ts'
import styles from './Together.module.css'

const outcomes = ['upheld', 'partly_upheld', 'not_upheld', 'withdrawn', 'not_ours'] as const satisfies Outcome[]

interface ResultDialogProps {
  readonly ticket: TicketDetail
  readonly onClose: () => void
  /** It is being resolved, which needs one: what follows once it is there. */
  readonly onResolve?: () => void
}

export function ResultDialog({ ticket, onClose, onResolve }: ResultDialogProps) {
  const { t, i18n } = useTranslation()
  const { results } = ticket.together
  const [present, ...earlier] = results
  const [outcome, setOutcome] = useState<Outcome>(present?.outcome ?? 'upheld')
  const [reason, setReason] = useState(present?.reason ?? '')
  const finish = () => {
    onResolve?.()
    onClose()
  }
  const saving = useMutation({
    mutationFn: () => setResult(ticket.id, outcome, reason.trim()),
    onSuccess: () => {
      toast(t('result.saved'))
      finish()
    },
  })
  const complete = reason.trim() !== ''
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('result.title')}
      {...(onResolve ? { description: t('result.needed') } : {})}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (complete && !saving.isPending) saving.mutate()
        }}
      >
        <Field label={t('result.label')}>
          {({ id }) => (
            <Select<Outcome>
              id={id}
              value={outcome}
              onChange={setOutcome}
              choices={outcomes.map((value) => ({ value, label: t(`result.outcome.${value}`) }))}
            />
          )}
        </Field>
        <TextArea label={t('result.why')} value={reason} onChange={setReason} maxLength={10_000} required />
        {(onResolve ? results : earlier).length > 0 && (
          <section aria-label={t('result.history')}>
            <ul className={styles.history}>
              {(onResolve ? results : earlier).map((one) => (
                <li key={one.id}>
                  <strong>{t(`result.outcome.${one.outcome}`)}</strong> <bdi>{one.reason}</bdi>{' '}
                  <small>
                    {t('result.line', { name: one.by.name, time: fullTime(new Date(one.at), i18n.language) })}
                  </small>
                </li>
              ))}
            </ul>
          </section>
        )}
        {saving.error && <ErrorNote error={saving.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" busy={saving.isPending} disabled={!complete}>
            {t(onResolve ? 'result.saveResolve' : 'result.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '../api/clock.ts'
import type { TicketDetail } from '../api/wire.ts'
import { toLocalInput } from '../ticket/snooze-times.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import { askDepartment, departmentsQuery, newKey } from './api.ts'
import { useName } from './name.ts'
import styles from './Together.module.css'

const dayMs = 86_400_000

export function AskDepartment({ ticket, onClose }: { readonly ticket: TicketDetail; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const nameOf = useName()
  const { data } = useQuery(departmentsQuery)
  const departments =
    data?.filter(({ archived, brandId }) => !archived && (brandId === null || brandId === ticket.brandId)) ?? []
  const [chosen, setChosen] = useState<string | null>(null)
  const [text, setText] = useState('')
  const [due, setDue] = useState(() => toLocalInput(new Date(serverNow() + dayMs)))
  const [waits, setWaits] = useState(true)
  const [key] = useState(newKey)
  const departmentId = chosen ?? departments[0]?.id ?? null
  const dueAt = new Date(due)
  const complete = departmentId !== null && text.trim() !== '' && !Number.isNaN(dueAt.getTime())
  const sending = useMutation({
    mutationFn: () =>
      askDepartment(
        ticket.id,
        { departmentId: departmentId ?? '', text: text.trim(), dueAt: dueAt.toISOString(), wait: waits },
        key,
      ),
    onSuccess: ({ task }) => {
      toast(t('department.sent', { name: task.department ? nameOf(task.department) : '' }))
      onClose()
    },
  })
  return (
    <Dialog open onClose={onClose} title={t('department.askTitle')}>
      {data && departments.length === 0 ? (
        <p>{t('department.none')}</p>
      ) : (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault()
            if (complete && !sending.isPending) sending.mutate()
          }}
        >
          <div className={styles.pair}>
            <Field label={t('department.which')}>
              {({ id }) => (
                <Select
                  id={id}
                  value={departmentId ?? ''}
                  onChange={setChosen}
                  choices={departments.map((one) => ({ value: one.id, label: nameOf(one) }))}
                />
              )}
            </Field>
            <TextField label={t('department.due')} type="datetime-local" value={due} onChange={setDue} required />
          </div>
          <TextArea
            label={t('department.what')}
            help={t('department.whatHelp')}
            value={text}
            onChange={setText}
            maxLength={10_000}
            required
          />
          <CheckRow checked={waits} onChange={setWaits}>
            {t('department.wait')}
          </CheckRow>
          {sending.error && <ErrorNote error={sending.error} />}
          <DialogActions>
            <Button onClick={onClose}>{t('common.cancel')}</Button>
            <Button look="primary" type="submit" busy={sending.isPending} disabled={!complete}>
              {t('department.send')}
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  )
}

import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { colleaguesQuery, teamsQuery } from '../api/queries.ts'
import type { TicketDetail } from '../api/wire.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { toast } from '../ui/toast.ts'
import { escalate } from './api.ts'
import styles from './Together.module.css'

const anybody = 'any'
const ofTeam = 'team:'

export function EscalateDialog({ ticket, onClose }: { readonly ticket: TicketDetail; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { data: colleagues = [] } = useQuery(colleaguesQuery(ticket.brandId))
  const { data: teams = [] } = useQuery(teamsQuery)
  const [to, setTo] = useState(anybody)
  const [reason, setReason] = useState('')
  const sending = useMutation({
    mutationFn: () => escalate(ticket.id, { ...whom(to), reason: reason.trim() }),
    onSuccess: () => {
      toast(t('escalation.sent'))
      onClose()
    },
  })
  const complete = reason.trim() !== ''
  return (
    <Dialog open onClose={onClose} title={t('escalation.title')}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (complete && !sending.isPending) sending.mutate()
        }}
      >
        <Field label={t('escalation.to')}>
          {({ id }) => (
            <Select
              id={id}
              value={to}
              onChange={setTo}
              choices={[
                { value: anybody, label: t('escalation.anySupervisor') },
                ...teams
                  .filter(({ brandIds }) => brandIds === null || brandIds.includes(ticket.brandId))
                  .map(({ id: team, name }) => ({ value: `${ofTeam}${team}`, label: t('escalation.team', { name }) })),
                ...colleagues
                  .filter(({ role }) => role !== 'agent')
                  .map(({ id: value, name: label }) => ({ value, label })),
              ]}
            />
          )}
        </Field>
        <TextArea label={t('escalation.why')} value={reason} onChange={setReason} maxLength={10_000} required />
        {sending.error && <ErrorNote error={sending.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" busy={sending.isPending} disabled={!complete}>
            {t('escalation.send')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

function whom(to: string): { to?: string; team?: string } {
  if (to === anybody) return {}
  return to.startsWith(ofTeam) ? { team: to.slice(ofTeam.length) } : { to }
}

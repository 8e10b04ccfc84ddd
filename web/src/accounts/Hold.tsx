import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '../api/clock.ts'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { AccountGlance, Hold } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { toLocalInput } from '../ticket/snooze-times.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Icon } from '../ui/Icon.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import styles from './Accounts.module.css'

const refresh = () => queryClient.invalidateQueries({ queryKey: keys.glance })

/** Who paused it, why, until when; and the way to go on. */
export function HoldLine({ account }: { readonly account: Pick<AccountGlance, 'id' | 'name' | 'hold' | 'queued'> }) {
  const { t, i18n } = useTranslation()
  const { id, hold, queued } = account
  const resuming = useMutation({
    mutationFn: () => request(`/api/accounts/${id}/hold`, { method: 'DELETE' }),
    onSuccess: () => toast(t('hold.resumed', { name: account.name })),
    onError: (error) => toast(problemText(error, t), { tone: 'danger' }),
    onSettled: refresh,
  })
  if (!hold) return null
  const time = (at: string) => fullTime(new Date(at), i18n.language)
  return (
    <div className={styles.hold} role="status">
      <Icon name="hourglass" size={16} />
      <p>
        <strong>
          {hold.until
            ? t('hold.byUntil', { name: hold.by.name, time: time(hold.until) })
            : t('hold.by', { name: hold.by.name, time: time(hold.since) })}
        </strong>{' '}
        <bdi>{hold.reason}</bdi>
        <small>{t('hold.waits', { count: queued.count })}</small>
      </p>
      <Button small busy={resuming.isPending} onClick={() => resuming.mutate()}>
        {t('hold.resume')}
      </Button>
    </div>
  )
}

/** Asks why, and until when. */
export function HoldDialog({
  account,
  onClose,
}: {
  readonly account: Pick<AccountGlance, 'id' | 'name'>
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const [wrong, setWrong] = useState<string | null>(null)
  const holding = useMutation({
    mutationFn: (end: string | null) =>
      request<Hold>(`/api/accounts/${account.id}/hold`, { method: 'PUT', body: { reason: reason.trim(), until: end } }),
    onSuccess: () => {
      toast(t('hold.done', { name: account.name }))
      onClose()
    },
    onSettled: refresh,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const end = until === '' ? null : new Date(until)
    if (end && !(end.getTime() > serverNow())) return setWrong(t('composer.schedulePast'))
    holding.mutate(end?.toISOString() ?? null)
  }
  return (
    <Dialog open onClose={onClose} title={t('hold.title', { name: account.name })} description={t('hold.help')}>
      <form className={styles.form} onSubmit={submit}>
        <TextField label={t('hold.why')} value={reason} onChange={setReason} required maxLength={300} />
        <TextField
          label={t('hold.until')}
          help={t('hold.untilHelp')}
          type="datetime-local"
          min={toLocalInput(new Date(serverNow()))}
          value={until}
          error={wrong}
          onChange={(value) => {
            setUntil(value)
            setWrong(null)
          }}
        />
        {holding.error && <ErrorNote error={holding.error} />}
        <DialogActions>
          <Button look="primary" type="submit" busy={holding.isPending} disabled={reason.trim() === ''}>
            {t('hold.pause')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { Scheduled, TicketDetail } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { toast } from '../ui/toast.ts'
import { draftOf } from './draft-store.ts'
import { writeAgain } from './focus.ts'
import styles from './Panels.module.css'
import { isRefusalCode } from './refusal-text.ts'

/** Replies that wait for their time, and those that could not be sent when it came. */
export function ScheduledList({ ticket }: { readonly ticket: TicketDetail }) {
  if (ticket.scheduled.length === 0) return null
  return (
    <ul className={styles.scheduled}>
      {ticket.scheduled.map((scheduled) => (
        <li key={scheduled.id}>
          <One scheduled={scheduled} ticketId={ticket.id} />
        </li>
      ))}
    </ul>
  )
}

function One({ scheduled, ticketId }: { readonly scheduled: Scheduled; readonly ticketId: string }) {
  const { t, i18n } = useTranslation()
  const cancelling = useMutation({
    mutationFn: () => request(`/api/messages/${scheduled.id}/undo`, { method: 'POST', body: {} }),
    onSuccess: () => {
      if (draftOf(ticketId).reply.trim() === '') writeAgain(ticketId, scheduled.text, null)
    },
    onError: (error) => toast(problemText(error, t), { tone: 'danger' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.detail(ticketId) }),
  })
  const { refused } = scheduled
  const reason =
    refused &&
    (isRefusalCode(refused) && !refused.startsWith('media') && refused !== 'too_long'
      ? t(`refusal.${refused as 'window_closed'}`)
      : refused === 'seen_conflict'
        ? t('problem.seen_conflict')
        : refused)
  return (
    <div className={styles.panel} data-tone={refused ? 'danger' : 'plain'}>
      <p className={styles.title}>
        <Icon name={refused ? 'warning' : 'clock'} size={16} />
        {t('composer.scheduled', { time: fullTime(new Date(scheduled.sendAt), i18n.language) })}
        <span className={styles.meta}>{t('composer.scheduledBy', { name: scheduled.by.name })}</span>
      </p>
      {reason && <p>{t('composer.scheduledRefused', { reason })}</p>}
      <p className={styles.words} dir="auto">
        {scheduled.text}
      </p>
      <div className={styles.actions}>
        <Button small icon="undo" busy={cancelling.isPending} onClick={() => cancelling.mutate()}>
          {t('composer.scheduledCancel')}
        </Button>
      </div>
    </div>
  )
}

import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { TicketDetail } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { useMessages } from '../thread/use-messages.ts'
import { Button } from '../ui/Button.tsx'
import { Popover } from '../ui/Popover.tsx'
import { toast } from '../ui/toast.ts'
import { ClockPill, ClockWords } from './ClockPill.tsx'
import styles from './Promises.module.css'

/** What this customer was promised: what runs at a glance, all of it with its reason behind a button. */
export function TicketClocks({ ticket }: { readonly ticket: TicketDetail }) {
  const { t } = useTranslation()
  if (ticket.clocks.length === 0) return null
  return (
    <Popover
      label={t('promise.title')}
      trigger={
        <Button small look="quiet" icon="hourglass" className={styles.trigger}>
          {ticket.clock ? <ClockPill clock={ticket.clock} /> : t('promise.title')}
        </Button>
      }
    >
      <ul className={styles.clocks}>
        {ticket.clocks.map((clock) => (
          <li key={clock.kind} className={styles.clock} data-state={clock.state}>
            <strong>{t(`promise.kind.${clock.kind}`)}</strong>
            <span>
              <ClockWords clock={clock} />
            </span>
            <small>
              {clock.policy} · {clock.calendar ?? t('promise.byTheClock')}
            </small>
          </li>
        ))}
      </ul>
      <SubstanceButton ticket={ticket} />
    </Popover>
  )
}

/** A reply counts as contact with substance unless somebody says that it was only a word in between. */
function SubstanceButton({ ticket }: { readonly ticket: TicketDetail }) {
  const { t } = useTranslation()
  const { messages } = useMessages(ticket.id)
  const clock = ticket.clocks.find(({ kind }) => kind === 'substance')
  const reply = messages.findLast(({ direction, author }) => direction === 'outbound' && author.kind === 'user')
  const counts = clock?.stoppedAt !== null
  const marking = useMutation({
    mutationFn: () =>
      request(`/api/tickets/${ticket.id}/replies/${reply?.id}/substance`, { method: 'PUT', body: { counts: !counts } }),
    onError: (error) => toast(problemText(error, t), { tone: 'danger' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.detail(ticket.id) }),
  })
  if (!clock || !reply || clock.state === 'dropped') return null
  return (
    <div className={styles.substance}>
      <p>{t(counts ? 'promise.countsHelp' : 'promise.countsNotHelp')}</p>
      <Button small busy={marking.isPending} onClick={() => marking.mutate()}>
        {t(counts ? 'promise.countsNot' : 'promise.counts')}
      </Button>
    </div>
  )
}

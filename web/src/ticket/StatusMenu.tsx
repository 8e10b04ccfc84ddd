import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Priority, Status, Ticket, TicketDetail } from '../api/wire.ts'
import { priorities, statuses } from '../inbox/views.ts'
import { namedStatusesQuery } from '../together/api.ts'
import { asksForResult, offerForm } from '../together/ask-result.ts'
import { useName } from '../together/name.ts'
import { ResultDialog } from '../together/ResultDialog.tsx'
import together from '../together/Together.module.css'
import { Button } from '../ui/Button.tsx'
import type { IconName } from '../ui/icons.ts'
import { Menu, MenuChoices } from '../ui/Menu.tsx'
import { toast } from '../ui/toast.ts'
import { patchTicket } from './patch.ts'
import styles from './TicketHeader.module.css'

const statusIcons: Record<Status, IconName> = {
  new: 'inbox',
  open: 'working',
  waiting_customer: 'hourglass',
  waiting_other: 'people',
  resolved: 'doneAll',
  closed: 'lock',
}

export function StatusMenu({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation()
  const nameOf = useName()
  const { data: finer = [] } = useQuery(namedStatusesQuery)
  const named = finer.find(({ id }) => id === ticket.named)
  const status = named ? nameOf(named) : t(`status.${ticket.status}`)
  const choose = (value: string) => {
    const guard = { ticketId: ticket.id, guarded: true, version: ticket.version }
    const to = finer.find(({ id }) => id === value)
    const assumed = to ? { status: to.status, named: to.id } : { status: value as Status, named: null }
    const patch = to ? { named: to.id } : { status: value as Status, named: null }
    const change = () => patchTicket({ ...guard, patch, assumed })
    if (assumed.status !== 'resolved' || !asksForResult(ticket.id, change)) change()
  }
  return (
    <Menu
      trigger={
        <Button
          small
          look="quiet"
          icon={statusIcons[ticket.status]}
          className={styles.control}
          aria-label={t('ticket.statusLabel', { status })}
        >
          {named && <span className={together.dot} data-color={named.color} />} {status}
        </Button>
      }
    >
      <MenuChoices
        value={ticket.named ?? ticket.status}
        onChange={choose}
        choices={statuses.flatMap((value) => [
          { value, label: t(`status.${value}`) },
          ...finer
            .filter((one) => one.status === value && (!one.archived || one.id === ticket.named))
            .map((one) => ({ value: one.id, label: `↳ ${nameOf(one)}` })),
        ])}
      />
    </Menu>
  )
}

export function PriorityMenu({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation()
  const priority = t(`priority.${ticket.priority}`)
  return (
    <Menu
      trigger={
        <Button
          small
          look="quiet"
          icon="flag"
          className={styles.control}
          data-priority={ticket.priority}
          aria-label={t('ticket.priorityLabel', { priority })}
        >
          {priority}
        </Button>
      }
    >
      <MenuChoices<Priority>
        value={ticket.priority}
        onChange={(next) => patchTicket({ ticketId: ticket.id, patch: { priority: next } })}
        choices={priorities.map((value) => ({ value, label: t(`priority.${value}`) }))}
      />
    </Menu>
  )
}

/** The one thing done at the end of almost every conversation, so it has its own button. */
export function ResolveButton({ ticket }: { readonly ticket: TicketDetail }) {
  const { t } = useTranslation()
  /** What follows once there is a result; null: nothing has to. */
  const [asked, setAsked] = useState<{ readonly onResolve: (() => void) | null } | null>(null)
  useEffect(() => offerForm(ticket.id, (onResolve) => setAsked({ onResolve })), [ticket.id])
  const isDone = ticket.status === 'resolved' || ticket.status === 'closed'
  const status = isDone ? 'open' : 'resolved'
  const { results, resultNeeded } = ticket.together
  const change = () => patchTicket({ ticketId: ticket.id, patch: { status }, guarded: true, version: ticket.version })
  const press = () => {
    if (isDone || results.length > 0) return change()
    if (resultNeeded) {
      return setAsked({ onResolve: () => patchTicket({ ticketId: ticket.id, patch: { status: 'resolved' } }) })
    }
    change()
    toast(t('result.offer'), { action: { label: t('result.offerSet'), run: () => setAsked({ onResolve: null }) } })
  }
  return (
    <>
      <Button icon={isDone ? 'undo' : 'done'} onClick={press}>
        {t(isDone ? 'ticket.reopen' : 'ticket.resolve')}
      </Button>
      {asked && (
        <ResultDialog
          ticket={ticket}
          onClose={() => setAsked(null)}
          {...(asked.onResolve ? { onResolve: asked.onResolve } : {})}
        />
      )}
    </>
  )
}

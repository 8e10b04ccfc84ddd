import { useTranslation } from 'react-i18next'
import type { Priority, Status, Ticket } from '../api/wire.ts'
import { priorities, statuses } from '../inbox/views.ts'
import { Button } from '../ui/Button.tsx'
import type { IconName } from '../ui/icons.ts'
import { Menu, MenuChoices } from '../ui/Menu.tsx'
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
  const status = t(`status.${ticket.status}`)
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
          {status}
        </Button>
      }
    >
      <MenuChoices<Status>
        value={ticket.status}
        onChange={(next) =>
          patchTicket({ ticketId: ticket.id, patch: { status: next }, guarded: true, version: ticket.version })
        }
        choices={statuses.map((value) => ({ value, label: t(`status.${value}`) }))}
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
export function ResolveButton({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation()
  const isDone = ticket.status === 'resolved' || ticket.status === 'closed'
  const status = isDone ? 'open' : 'resolved'
  return (
    <Button
      icon={isDone ? 'undo' : 'done'}
      onClick={() => patchTicket({ ticketId: ticket.id, patch: { status }, guarded: true, version: ticket.version })}
    >
      {t(isDone ? 'ticket.reopen' : 'ticket.resolve')}
    </Button>
  )
}

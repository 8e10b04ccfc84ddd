import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Ticket } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { useCommands } from '../keyboard/commands.ts'
import { Button } from '../ui/Button.tsx'
import { Popover } from '../ui/Popover.tsx'
import { patchTicket } from './patch.ts'
import styles from './TicketHeader.module.css'
import { TimePicker } from './TimePicker.tsx'

export function Snooze({ ticket }: { readonly ticket: Ticket }) {
  const { t, i18n } = useTranslation()
  const [open, setOpen] = useState(false)
  useCommands({ snooze: () => setOpen(true) })
  const until = ticket.snoozedUntil
  const set = (snoozedUntil: string | null) => {
    setOpen(false)
    patchTicket({ ticketId: ticket.id, patch: { snoozedUntil } })
  }
  return (
    <Popover
      label={t('ticket.snoozeUntil')}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button small look="quiet" icon="moon" className={styles.control}>
          {until ? t('ticket.snoozedUntil', { time: fullTime(new Date(until), i18n.language) }) : t('ticket.snooze')}
        </Button>
      }
    >
      <div className={styles.when}>
        {until && (
          <Button small icon="undo" onClick={() => set(null)}>
            {t('ticket.wake')}
          </Button>
        )}
        <TimePicker
          label={t('ticket.snoozeFor.other')}
          action={t('ticket.snooze')}
          onPick={(time) => set(time.toISOString())}
        />
      </div>
    </Popover>
  )
}

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TicketDetail } from '../api/wire.ts'
import styles from '../ticket/TicketHeader.module.css'
import { Button } from '../ui/Button.tsx'
import { Menu, MenuItem } from '../ui/Menu.tsx'
import { AskDepartment } from './AskDepartment.tsx'
import { EscalateDialog } from './EscalateDialog.tsx'
import { RemedyDialog } from './RemedyDialog.tsx'
import { ResultDialog } from './ResultDialog.tsx'

type Open = 'department' | 'escalation' | 'remedy' | 'result' | null

/** What this ticket needs other people for, and what came of it. */
export function TogetherMenu({ ticket }: { readonly ticket: TicketDetail }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  return (
    <>
      <Menu
        trigger={
          <Button small look="quiet" icon="people" className={styles.control}>
            {t('together.more')}
          </Button>
        }
      >
        <MenuItem icon="working" onSelect={() => setOpen('department')}>
          {t('department.ask')}
        </MenuItem>
        {!ticket.together.escalation && (
          <MenuItem icon="flag" onSelect={() => setOpen('escalation')}>
            {t('escalation.ask')}
          </MenuItem>
        )}
        <MenuItem icon="ticket" onSelect={() => setOpen('remedy')}>
          {t('remedy.add')}
        </MenuItem>
        <MenuItem icon="doneAll" onSelect={() => setOpen('result')}>
          {t('result.set')}
        </MenuItem>
      </Menu>
      {open === 'department' && <AskDepartment ticket={ticket} onClose={close} />}
      {open === 'escalation' && <EscalateDialog ticket={ticket} onClose={close} />}
      {open === 'remedy' && <RemedyDialog ticketId={ticket.id} remedy={null} onClose={close} />}
      {open === 'result' && <ResultDialog ticket={ticket} onClose={close} />}
    </>
  )
}

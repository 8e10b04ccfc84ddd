import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { factsQuery } from '../api/queries.ts'
import type { Ticket, TicketFacts } from '../api/wire.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { FactsForm } from './FactsForm.tsx'
import styles from './TicketHeader.module.css'

/** What product the ticket is about; the button says what is known. */
export function Facts({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { data: facts, error, refetch } = useQuery(factsQuery(ticket.id))
  const found = facts?.proposals.length ?? 0
  const words = (facts && summary(facts)) ?? (found > 0 ? t('facts.proposed', { count: found }) : null)
  return (
    <Dialog
      open={open}
      onOpen={() => setOpen(true)}
      onClose={() => setOpen(false)}
      title={t('facts.title')}
      wide
      trigger={
        <Button
          small
          look="quiet"
          icon="shield"
          className={styles.control}
          aria-label={words === null ? t('facts.title') : t('facts.label', { words })}
        >
          {words ?? t('facts.title')}
        </Button>
      }
    >
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!facts && !error && <Spinner label={t('common.loading')} />}
      {facts && <FactsForm key={facts.revision} ticketId={ticket.id} facts={facts} onDone={() => setOpen(false)} />}
    </Dialog>
  )
}

const summary = ({ model, serial }: TicketFacts) => model ?? (serial && `…${serial.slice(-6)}`)

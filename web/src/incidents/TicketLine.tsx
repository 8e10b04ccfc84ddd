import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Status, TicketRef } from '../api/wire.ts'
import { Pill } from '../ui/Pill.tsx'
import styles from './Incidents.module.css'

/** A ticket in one line, with what can be done beside it. */
export function TicketLine({
  ticket,
  more,
  children,
}: {
  readonly ticket: TicketRef
  readonly more?: ReactNode
  readonly children?: ReactNode
}) {
  const { t } = useTranslation()
  return (
    <li className={styles.ticket}>
      <div className={styles.about}>
        <Link to="/inbox/$view/$ticketId" params={{ view: 'all', ticketId: ticket.id }} search={{}}>
          {t('ticket.number', { number: ticket.number })} <bdi>{ticket.name}</bdi>
        </Link>
        <Pill>{t(`status.${ticket.status as Status}`)}</Pill>
        {more}
        <span className={styles.preview} dir="auto">
          {ticket.preview}
        </span>
      </div>
      {children}
    </li>
  )
}

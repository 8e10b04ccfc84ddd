import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TicketDetail, TicketRelations } from '../api/wire.ts'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { link, merge, relationsQuery, undoMove } from './api.ts'
import styles from './Moves.module.css'
import { useOpenTicket } from './use-open-ticket.ts'

/** Below the head of a conversation: what went into it, what was divided from it, what it is linked with, and what may belong to it. */
export function Relations({ ticket }: { readonly ticket: TicketDetail }) {
  const { t } = useTranslation()
  const open = useOpenTicket()
  const { data } = useQuery(relationsQuery(ticket.id))
  const [isBusy, setIsBusy] = useState(false)
  if (!data) return null
  const { moves, links } = data
  const related = new Set([...links, ...moves.map((move) => move.ticket)].map(({ id }) => id))
  const isOpen = ticket.status !== 'resolved' && ticket.status !== 'closed'
  const suggested = isOpen ? data.samePerson.filter(({ id }) => !related.has(id)).slice(0, 2) : []
  const onlyLinks = links.filter(({ id }) => !moves.some((move) => move.ticket.id === id))
  if (moves.length + onlyLinks.length + suggested.length === 0) return null
  const busy = async (work: Promise<unknown>) => {
    setIsBusy(true)
    await work
    setIsBusy(false)
  }
  return (
    <ul className={styles.relations} aria-label={t('move.relations')}>
      {suggested.map((other) => (
        <One key={other.id} other={other} words={t('move.suggest')}>
          <Button small icon="merge" disabled={isBusy} onClick={() => void busy(merge(other.id, ticket.id, open))}>
            {t('move.mergeHere')}
          </Button>
        </One>
      ))}
      {moves.map(({ id, kind, ticket: other }) => (
        <One key={id} other={other} words={t(`move.is.${kind}`)} plain={kind === 'merge'}>
          <Button
            small
            look="quiet"
            icon="undo"
            disabled={isBusy}
            onClick={() => void busy(undoMove(id, [ticket.id, other.id], open))}
          >
            {t('ticket.undo')}
          </Button>
        </One>
      ))}
      {onlyLinks.map((other) => (
        <One key={other.id} other={other} words={t('move.is.link')}>
          <IconButton
            small
            icon="close"
            label={t('move.unlink', { number: other.number })}
            onClick={() => void link(ticket.id, other.id, false)}
          />
        </One>
      ))}
    </ul>
  )
}

/** `plain`: it is empty, and leads back to here. */
function One({
  other,
  words,
  plain,
  children,
}: {
  readonly other: TicketRelations['links'][number]
  readonly words: string
  readonly plain?: boolean
  readonly children: ReactNode
}) {
  const name = (
    <>
      #{other.number} <bdi>{other.name}</bdi>
    </>
  )
  return (
    <li className={styles.relation}>
      <span>
        {words}{' '}
        {plain ? (
          name
        ) : (
          <Link to="/inbox/$view/$ticketId" params={{ view: 'all', ticketId: other.id }} search={{}}>
            {name}
          </Link>
        )}
      </span>
      {children}
    </li>
  )
}

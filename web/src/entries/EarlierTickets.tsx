import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDeferredValue, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queueQuery } from '../api/queries.ts'
import { fullTime } from '../i18n/format.ts'
import { Pill } from '../ui/Pill.tsx'
import styles from './Entry.module.css'
import { searchWord } from './search-word.ts'

const patienceMs = 200
const most = 6

/** While a number is typed: the tickets of whoever has it, so that the agent knows before the second sentence. */
export function EarlierTickets({ person }: { readonly person: string }) {
  const { t, i18n } = useTranslation()
  const word = useSoon(searchWord(person), patienceMs)
  const { data, isFetching } = useInfiniteQuery({ ...queueQuery({ q: word }), enabled: word !== '' })
  const tickets = useDeferredValue(data?.pages[0]?.tickets ?? [])
  if (word === '') return null
  return (
    <section className={styles.earlier} aria-label={t('entry.earlier')} aria-busy={isFetching}>
      <p className={styles.label} role="status">
        {tickets.length === 0
          ? t(isFetching ? 'entry.looking' : 'entry.noneEarlier')
          : t('entry.found', { count: tickets.length })}
      </p>
      <ul>
        {tickets.slice(0, most).map((ticket) => (
          <li key={ticket.id}>
            <Link to="/inbox/$view/$ticketId" params={{ view: 'all', ticketId: ticket.id }} search={{}} target="_blank">
              <bdi className={styles.name}>{ticket.contact.name}</bdi>
              {ticket.contact.handle && <bdi>{ticket.contact.handle}</bdi>}
              <Pill tone={ticket.status === 'new' ? 'accent' : ticket.status === 'resolved' ? 'good' : 'neutral'}>
                {t(`status.${ticket.status}`)}
              </Pill>
              <time dateTime={ticket.lastMessageAt}>{fullTime(new Date(ticket.lastMessageAt), i18n.language)}</time>
              <bdi className={styles.preview}>{ticket.preview}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The value once it has stood still for so long. */
function useSoon(value: string, ms: number): string {
  const [soon, setSoon] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSoon(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return soon
}

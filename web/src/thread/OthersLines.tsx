import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { othersQuery } from '../api/queries.ts'
import { fullTime } from '../i18n/format.ts'
import { isViewName, readInboxSearch } from '../inbox/views.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { MessageText } from './MessageText.tsx'
import styles from './Others.module.css'

interface OthersLinesProps {
  readonly id: string
  readonly ticketId: string
  readonly messageId: string
}

/** What others wrote under the same post: context, and plainly none of this customer's words. */
export function OthersLines({ id, ticketId, messageId }: OthersLinesProps) {
  const { t, i18n } = useTranslation()
  const { view = 'all' } = useParams({ strict: false })
  const search = readInboxSearch(useSearch({ strict: false }))
  const { data, error, refetch } = useQuery(othersQuery(ticketId, messageId))
  // Those of this ticket stand in the thread already.
  const lines = data?.filter((line) => line.ticketId !== ticketId)
  return (
    <section id={id} className={styles.others} aria-label={t('thread.others')}>
      <p className={styles.title}>
        <Icon name="people" size={15} />
        {t('thread.othersTitle')}
      </p>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!lines && !error && <Spinner size={16} label={t('common.loading')} />}
      {lines?.length === 0 && <p>{t('thread.othersNone')}</p>}
      <ul className={styles.lines}>
        {lines?.map((line) => (
          <li key={line.id} data-ours={line.direction === 'outbound' || undefined}>
            <p className={styles.head}>
              <bdi className={styles.author}>{line.author}</bdi>
              {line.direction === 'outbound' && <span>{t('thread.othersOurs')}</span>}
              <time dateTime={line.sentAt}>{fullTime(new Date(line.sentAt), i18n.language)}</time>
              <Link
                to="/inbox/$view/$ticketId"
                params={{ view: isViewName(view) ? view : 'all', ticketId: line.ticketId }}
                search={search}
                title={t('thread.othersTicketOf', { name: line.author })}
              >
                {t('thread.othersTicket')}
              </Link>
            </p>
            <MessageText text={line.text || t('thread.noText')} />
          </li>
        ))}
      </ul>
    </section>
  )
}

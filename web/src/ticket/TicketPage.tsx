import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/problem.ts'
import { channelsQuery, ticketQuery } from '../api/queries.ts'
import type { TicketDetail } from '../api/wire.ts'
import { Composer } from '../composer/Composer.tsx'
import { isViewName, readInboxSearch } from '../inbox/views.ts'
import { RelatedBar } from '../incidents/RelatedBar.tsx'
import { useShownTicket } from '../presence/page.ts'
import { TaskCard } from '../tasks/TaskCard.tsx'
import taskStyles from '../tasks/Tasks.module.css'
import { Thread } from '../thread/Thread.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { PreparedQuestion } from './PreparedQuestion.tsx'
import { useAssumed } from './patch.ts'
import { TicketHeader } from './TicketHeader.tsx'
import styles from './TicketPage.module.css'

export function TicketPage() {
  const { ticketId } = useParams({ from: '/signed-in/inbox/$view/$ticketId' })
  // Another ticket is another page: nothing of the last one may stay in its fields.
  return <OneTicket key={ticketId} id={ticketId} />
}

function OneTicket({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(ticketQuery(id))
  const { data: channels } = useQuery(channelsQuery)
  if (data && channels) return <Loaded ticket={data} />
  if (error instanceof ApiError && (error.status === 404 || error.status === 400)) {
    return (
      <Empty icon="question" title={t('ticket.missing')} action={<BackLink />}>
        {t('ticket.missingHelp')}
      </Empty>
    )
  }
  if (error) {
    return (
      <div className={styles.middle}>
        <ErrorNote error={error} onRetry={refetch} />
      </div>
    )
  }
  return (
    <div className={styles.middle}>
      <Spinner label={t('common.loading')} />
    </div>
  )
}

function Loaded({ ticket: cached }: { readonly ticket: TicketDetail }) {
  const { t } = useTranslation()
  const ticket = useAssumed(cached)
  useShownTicket(ticket.id)
  return (
    <article className={styles.page} aria-label={ticket.contact.name}>
      <TicketHeader ticket={ticket} />
      <RelatedBar ticket={ticket} />
      <Thread ticket={ticket} />
      {ticket.tasks.length > 0 && (
        <section className={taskStyles.onTicket} aria-label={t('task.onTicket')}>
          {ticket.tasks.map((task) => (
            <TaskCard key={task.id} task={task} />
          ))}
        </section>
      )}
      <PreparedQuestion ticket={ticket} />
      <Composer ticket={ticket} />
    </article>
  )
}

function BackLink() {
  const { t } = useTranslation()
  const { view = 'all' } = useParams({ strict: false })
  const search = readInboxSearch(useSearch({ strict: false }))
  return (
    <Link to="/inbox/$view" params={{ view: isViewName(view) ? view : 'all' }} search={search}>
      {t('ticket.back')}
    </Link>
  )
}

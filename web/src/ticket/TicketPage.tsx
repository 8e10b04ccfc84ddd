import { usePrefetchInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { type ComponentProps, lazy, memo, Suspense, useCallback, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/problem.ts'
import { channelsQuery, messagesQuery, ticketQuery } from '../api/queries.ts'
import type { TicketDetail } from '../api/wire.ts'
import { Composer } from '../composer/Composer.tsx'
import { isViewName, readInboxSearch } from '../inbox/views.ts'
import { RelatedBar } from '../incidents/RelatedBar.tsx'
import { useCommands } from '../keyboard/commands.ts'
import { Relations } from '../moves/Relations.tsx'
import { useStub } from '../moves/use-stub.ts'
import { usePersonPane } from '../person/use-person-pane.ts'
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

/** Each of these is long, and drawn anew only when the ticket itself changed. */
const Header = memo(TicketHeader)
const Messages = memo(Thread)
const Writing = memo(Composer)
const Person = memo(function Person(props: ComponentProps<typeof PersonPanel>) {
  return (
    <Suspense>
      <PersonPanel {...props} />
    </Suspense>
  )
})

const PersonPanel = lazy(async () => ({ default: (await import('../person/PersonPanel.tsx')).PersonPanel }))

export function TicketPage() {
  const { ticketId } = useParams({ from: '/signed-in/inbox/$view/$ticketId' })
  // Another ticket is another page: nothing of the last one may stay in its fields.
  return <OneTicket key={ticketId} id={ticketId} />
}

function OneTicket({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(ticketQuery(id))
  // Beside the ticket, not behind it.
  usePrefetchInfiniteQuery(messagesQuery(id))
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
  const isStub = useStub(ticket)
  const pane = usePersonPane(ticket.id)
  const latest = useRef(pane)
  useEffect(() => {
    latest.current = pane
  })
  const toggle = useCallback(() => latest.current.toggle(), [])
  useCommands({ person: toggle })
  if (isStub) {
    return (
      <div className={styles.middle}>
        <Spinner label={t('common.loading')} />
      </div>
    )
  }
  return (
    <div className={styles.both}>
      <article className={styles.page} aria-label={ticket.contact.name} hidden={pane.isAlone}>
        <Header ticket={ticket} isPersonShown={pane.isShown} onPerson={toggle} />
        <Relations ticket={ticket} />
        <RelatedBar ticket={ticket} />
        <Messages ticket={ticket} />
        {ticket.tasks.length > 0 && (
          <section className={taskStyles.onTicket} aria-label={t('task.onTicket')}>
            {ticket.tasks.map((task) => (
              <TaskCard key={task.id} task={task} />
            ))}
          </section>
        )}
        <PreparedQuestion ticket={ticket} />
        <Writing ticket={ticket} />
      </article>
      {pane.isShown && <Person ticket={ticket} onClose={toggle} />}
    </div>
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

import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/problem.ts'
import type { IncidentDetail } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { Page } from '../shell/Page.tsx'
import { Button } from '../ui/Button.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import { Answers } from './Answers.tsx'
import {
  addNote,
  addTickets,
  changeIncident,
  incidentProblem,
  incidentQuery,
  membersQuery,
  removeTickets,
  suggestionsQuery,
} from './api.ts'
import styles from './Incidents.module.css'
import { TicketLine } from './TicketLine.tsx'

/** One trouble of many people: its tickets, what is known of it, and the answer to all. */
export function IncidentPage() {
  const { t } = useTranslation()
  const { incidentId } = useParams({ strict: false }) as { readonly incidentId: string }
  const { data, error, refetch } = useQuery(incidentQuery(incidentId))
  if (data) return <Loaded key={data.id} incident={data} />
  return (
    <Page title={t('incident.title')}>
      {error instanceof ApiError && [400, 404].includes(error.status) ? (
        <Empty icon="question" title={t('incident.missing')} action={<Link to="/incidents">{t('incident.back')}</Link>}>
          {t('incident.missingHelp')}
        </Empty>
      ) : error ? (
        <ErrorNote error={error} onRetry={refetch} />
      ) : (
        <Spinner label={t('common.loading')} />
      )}
    </Page>
  )
}

function Loaded({ incident }: { readonly incident: IncidentDetail }) {
  const { t, i18n } = useTranslation()
  const [isNaming, setIsNaming] = useState(false)
  const changing = useMutation({
    mutationFn: (change: Parameters<typeof changeIncident>[1]) => changeIncident(incident, change),
    onSuccess: () => setIsNaming(false),
    onError: (error) => toast(incidentProblem(error, t), { tone: 'danger' }),
  })
  const isOpen = incident.state === 'open'
  return (
    <Page title={`${t('related.incident', { number: incident.number })} ${incident.title}`}>
      <div className={styles.facts}>
        <Link to="/incidents">{t('incident.back')}</Link>
        <Pill tone={isOpen ? 'doubt' : 'good'}>{t(`incident.state.${incident.state}`)}</Pill>
        <span>{t('incident.tickets', { count: incident.tickets })}</span>
        <span>
          {t('incident.by', {
            name: incident.createdBy.name,
            time: fullTime(new Date(incident.createdAt), i18n.language),
          })}
        </span>
        <Button small icon="edit" look="quiet" onClick={() => setIsNaming(!isNaming)}>
          {t('incident.rename')}
        </Button>
        <Button
          small
          icon={isOpen ? 'done' : 'undo'}
          busy={changing.isPending}
          onClick={() => changing.mutate({ state: isOpen ? 'resolved' : 'open' })}
        >
          {t(isOpen ? 'incident.resolve' : 'incident.reopen')}
        </Button>
      </div>
      {isNaming && <Rename incident={incident} onSave={(title) => changing.mutate({ title })} />}
      <Answers incident={incident} />
      <Members incident={incident} />
      <Suggestions incident={incident} />
      <Notes incident={incident} />
    </Page>
  )
}

function Rename({ incident, onSave }: { readonly incident: IncidentDetail; readonly onSave: (title: string) => void }) {
  const { t } = useTranslation()
  const [title, setTitle] = useState(incident.title)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (title.trim() !== '') onSave(title.trim())
  }
  return (
    <form className={styles.make} onSubmit={submit}>
      <TextField label={t('incident.name')} value={title} onChange={setTitle} maxLength={200} autoFocus />
      <div>
        <Button type="submit">{t('common.save')}</Button>
      </div>
    </form>
  )
}

function Members({ incident }: { readonly incident: IncidentDetail }) {
  const { t } = useTranslation()
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    membersQuery(incident.id),
  )
  const list = data?.pages.flatMap((page) => page.tickets) ?? []
  const remove = async (id: string) => {
    await removeTickets(incident.id, [id])
    toast(t('incident.removed'), {
      action: { label: t('related.undo'), run: () => void addTickets(incident.id, [id]) },
    })
  }
  return (
    <section className={styles.section} aria-labelledby="incident-tickets">
      <h2 id="incident-tickets">{t('incident.members')}</h2>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {data && list.length === 0 && <p className={styles.faint}>{t('incident.noMembers')}</p>}
      <ul className={styles.tickets}>
        {list.map((ticket) => (
          <TicketLine key={ticket.id} ticket={ticket}>
            <Button
              small
              look="quiet"
              icon="close"
              aria-label={t('incident.remove', { number: ticket.number })}
              onClick={() =>
                void remove(ticket.id).catch((error) => toast(incidentProblem(error, t), { tone: 'danger' }))
              }
            >
              {t('incident.removeShort')}
            </Button>
          </TicketLine>
        ))}
      </ul>
      {hasNextPage && (
        <div>
          <Button busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
            {t('common.more')}
          </Button>
        </div>
      )}
    </section>
  )
}

function Suggestions({ incident }: { readonly incident: IncidentDetail }) {
  const { t } = useTranslation()
  const { data = [] } = useQuery(suggestionsQuery(incident.id))
  const adding = useMutation({
    mutationFn: (ids: readonly string[]) => addTickets(incident.id, ids),
    onError: (error) => toast(incidentProblem(error, t), { tone: 'danger' }),
  })
  if (data.length === 0) return null
  return (
    <section className={styles.section} aria-labelledby="incident-suggestions">
      <h2 id="incident-suggestions">{t('incident.suggestions')}</h2>
      <p className={styles.faint}>{t('incident.suggestionsHelp')}</p>
      <ul className={styles.tickets}>
        {data.map((ticket) => (
          <TicketLine
            key={ticket.id}
            ticket={ticket}
            more={<Pill>{t('related.likeness', { percent: ticket.likeness })}</Pill>}
          >
            <Button
              small
              icon="plus"
              aria-label={t('incident.add', { number: ticket.number })}
              onClick={() => adding.mutate([ticket.id])}
            >
              {t('incident.addShort')}
            </Button>
          </TicketLine>
        ))}
      </ul>
      {data.length > 1 && (
        <div>
          <Button busy={adding.isPending} onClick={() => adding.mutate(data.map(({ id }) => id))}>
            {t('incident.addAll', { count: data.length })}
          </Button>
        </div>
      )}
    </section>
  )
}

function Notes({ incident }: { readonly incident: IncidentDetail }) {
  const { t, i18n } = useTranslation()
  const [text, setText] = useState('')
  const writing = useMutation({ mutationFn: () => addNote(incident.id, text.trim()), onSuccess: () => setText('') })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() !== '') writing.mutate()
  }
  return (
    <section className={styles.section} aria-labelledby="incident-notes">
      <h2 id="incident-notes">{t('incident.notes')}</h2>
      <form className={styles.make} onSubmit={submit}>
        <TextArea label={t('incident.note')} value={text} onChange={setText} rows={2} />
        {writing.error && <p role="alert">{incidentProblem(writing.error, t)}</p>}
        <div>
          <Button type="submit" busy={writing.isPending} aria-disabled={text.trim() === ''}>
            {t('incident.writeNote')}
          </Button>
        </div>
      </form>
      <ul className={styles.notes}>
        {incident.notes.map((note) => (
          <li key={note.id}>
            <p dir="auto">{note.text}</p>
            <p className={styles.faint}>
              <bdi>{note.by.name}</bdi> · {fullTime(new Date(note.createdAt), i18n.language)}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

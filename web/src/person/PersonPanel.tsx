import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { channelsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Contact, PersonDetail, TicketDetail } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Button } from '../ui/Button.tsx'
import { ChannelIcon } from '../ui/ChannelIcon.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { toast } from '../ui/toast.ts'
import { attempt, contactQuery, mergePeople, personQuery, undoPeopleMerge } from './api.ts'
import { Fields } from './Fields.tsx'
import { Notes } from './Notes.tsx'
import styles from './Person.module.css'

/** Who the conversation is with: everything that is known of them, whatever the channel. */
export function PersonPanel({ ticket, onClose }: { readonly ticket: TicketDetail; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const contact = useQuery(contactQuery(ticket.contact.id))
  const person = useQuery(personQuery(ticket.contact.id))
  const error = contact.error ?? person.error
  return (
    <aside className={styles.panel} aria-label={t('person.title', { name: ticket.contact.name })}>
      <header className={styles.head}>
        <IconButton icon="back" label={t('person.back')} className={styles.back} onClick={onClose} />
        <Avatar id={ticket.contact.id} name={ticket.contact.name} size={44} />
        <div className={styles.who}>
          <h2>
            <bdi>{ticket.contact.name}</bdi>
          </h2>
          {person.data?.block && (
            <Pill tone="danger" icon="block">
              {t('person.blocked')}
            </Pill>
          )}
        </div>
        <IconButton icon="close" label={t('person.close')} className={styles.close} onClick={onClose} />
      </header>
      {contact.data && person.data ? (
        <>
          <Alike person={person.data} />
          <Identities contact={contact.data} />
          <Fields person={person.data} />
          <Notes person={person.data} />
          <Earlier contact={contact.data} here={ticket.id} />
          <Block person={person.data} contact={contact.data} />
          <Merges person={person.data} />
        </>
      ) : error ? (
        <ErrorNote error={error} onRetry={() => void Promise.all([contact.refetch(), person.refetch()])} />
      ) : (
        <Spinner label={t('common.loading')} />
      )}
    </aside>
  )
}

function Identities({ contact }: { readonly contact: Contact }) {
  const { t, i18n } = useTranslation()
  const { data: channels = [] } = useQuery(channelsQuery)
  return (
    <section className={styles.section} aria-label={t('person.identities')}>
      <h3>{t('person.identities')}</h3>
      <ul className={styles.list}>
        {contact.identities.map(({ id, channel, name, handle, followers, reachable, unreachableReason }) => {
          const known = channels.find((one) => one.channel === channel)
          return (
            <li key={id} className={styles.identity}>
              {known && <ChannelIcon path={known.icon.path} size={16} />}
              <span>
                <bdi>{name}</bdi>
                {handle && handle !== name && <bdi className={styles.faint}> {handle}</bdi>}
                <small className={styles.faint}>
                  {known ? (i18n.language === 'en' ? known.title.en : known.title.zh) : channel}
                  {followers !== null && ` · ${t('person.followers', { count: followers })}`}
                </small>
              </span>
              {!reachable && (
                <span title={unreachableReason ?? undefined}>
                  <Pill tone="danger" icon="warning">
                    {t('person.unreachable')}
                  </Pill>
                </span>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Earlier({ contact, here }: { readonly contact: Contact; readonly here: string }) {
  const { t, i18n } = useTranslation()
  const others = contact.tickets.filter(({ id }) => id !== here)
  return (
    <section className={styles.section} aria-label={t('person.earlier')}>
      <h3>{t('person.earlier')}</h3>
      {others.length === 0 && <p className={styles.faint}>{t('person.noEarlier')}</p>}
      <ul className={styles.list}>
        {others.map(({ id, number, status, preview, lastMessageAt }) => (
          <li key={id}>
            <Link
              to="/inbox/$view/$ticketId"
              params={{ view: 'all', ticketId: id }}
              search={{}}
              className={styles.ticket}
            >
              <span className={styles.ticketTop}>
                #{number} · {t(`status.${status}`)}
                <small>{fullTime(new Date(lastMessageAt), i18n.language)}</small>
              </span>
              <bdi className={styles.preview}>{preview || t('queue.noPreview')}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Block({ person, contact }: { readonly person: PersonDetail; readonly contact: Contact }) {
  const { t, i18n } = useTranslation()
  const [isAsking, setIsAsking] = useState(false)
  const { block, kept } = person
  const open = contact.tickets.filter(({ status }) => status !== 'resolved' && status !== 'closed').length
  const set = (isBlocked: boolean) =>
    attempt(async () => {
      await request(`/api/contacts/${person.id}/block`, { method: isBlocked ? 'PUT' : 'DELETE' })
      toast(t(isBlocked ? 'person.blockedNow' : 'person.unblockedNow', { name: contact.name }), {
        action: { label: t('ticket.undo'), run: () => void set(!isBlocked) },
      })
    })
  return (
    <section className={styles.section} aria-label={t('person.block')}>
      <h3>{t('person.block')}</h3>
      {block ? (
        <>
          <p>{t('person.blockedBy', { name: block.by.name, time: fullTime(new Date(block.at), i18n.language) })}</p>
          <Button small icon="undo" onClick={() => void set(false)}>
            {t('person.unblock')}
          </Button>
        </>
      ) : (
        <Button small icon="block" onClick={() => setIsAsking(true)}>
          {t('person.blockDo')}
        </Button>
      )}
      {kept.count > 0 && (
        <details className={styles.kept}>
          <summary>{t('person.kept', { count: kept.count })}</summary>
          <ul className={styles.list}>
            {kept.posts.map(({ id, text, at }) => (
              <li key={id}>
                <small className={styles.faint}>{fullTime(new Date(at), i18n.language)}</small>
                <bdi className={styles.words}>{text || t('thread.noText')}</bdi>
              </li>
            ))}
          </ul>
        </details>
      )}
      <Confirm
        open={isAsking}
        onClose={() => setIsAsking(false)}
        title={t('person.blockTitle', { name: contact.name })}
        action={t('person.blockDo')}
        danger
        onConfirm={() => void set(true)}
      >
        {`${t('person.blockBody')} ${t('person.blockOpen', { count: open })}`}
      </Confirm>
    </section>
  )
}

/** People who may be this one: somebody says so, or says that they are not. */
function Alike({ person }: { readonly person: PersonDetail }) {
  const { t } = useTranslation()
  const [isBusy, setIsBusy] = useState(false)
  if (person.alike.length === 0) return null
  const busy = async (work: Promise<unknown>) => {
    setIsBusy(true)
    await work
    setIsBusy(false)
  }
  return (
    <section className={styles.alike} aria-label={t('person.alike')}>
      <h3>{t('person.alike')}</h3>
      <ul className={styles.list}>
        {person.alike.map(({ id, name, why, tickets, identities }) => (
          <li key={id} className={styles.suggestion}>
            <span>
              <bdi>{name}</bdi>
              <small className={styles.faint}>
                {`${t(`person.why.${why}`)} · ${t('saved.count', { count: tickets })}`}
                {identities[0]?.handle && ` · ${identities[0].handle}`}
              </small>
            </span>
            <span className={styles.buttons}>
              <Button
                small
                look="primary"
                icon="merge"
                disabled={isBusy}
                onClick={() => void busy(mergePeople({ id, name }, person.id))}
              >
                {t('person.merge')}
              </Button>
              <Button
                small
                look="quiet"
                disabled={isBusy}
                onClick={() =>
                  void busy(
                    attempt(() => request(`/api/contacts/${person.id}/apart`, { method: 'PUT', body: { into: id } })),
                  )
                }
              >
                {t('person.apart')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Merges({ person }: { readonly person: PersonDetail }) {
  const { t, i18n } = useTranslation()
  if (person.merges.length === 0) return null
  return (
    <section className={styles.section} aria-label={t('person.merges')}>
      <h3>{t('person.merges')}</h3>
      <ul className={styles.list}>
        {person.merges.map(({ id, from, by, at }) => (
          <li key={id} className={styles.suggestion}>
            <span>
              <bdi>{from.name}</bdi>
              <small className={styles.faint}>{`${by.name} · ${fullTime(new Date(at), i18n.language)}`}</small>
            </span>
            <Button small look="quiet" icon="undo" onClick={() => void undoPeopleMerge(id)}>
              {t('person.separate')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

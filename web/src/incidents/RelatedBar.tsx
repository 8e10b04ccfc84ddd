import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RelatedTickets, Ticket } from '../api/wire.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Popover } from '../ui/Popover.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import { addTickets, createIncident, incidentProblem, relatedQuery, removeTickets } from './api.ts'
import styles from './Incidents.module.css'
import { TicketLine } from './TicketLine.tsx'

const dwellMs = 900

/** What may belong together with this ticket, once somebody looks; nothing where there is nothing. */
export function RelatedBar({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation()
  const [isLookedAt, setIsLookedAt] = useState(false)
  // Not for everybody who only passes by: to compare a ticket with thousands of others is work.
  useEffect(() => {
    const timer = setTimeout(() => setIsLookedAt(true), dwellMs)
    return () => clearTimeout(timer)
  }, [])
  const { data } = useQuery({ ...relatedQuery(ticket.id), enabled: isLookedAt })
  if (!data) return null
  const { incident, person, device, alike } = data
  return (
    <section className={styles.bar} aria-label={t('related.title')}>
      {incident && (
        <Link to="/incidents/$incidentId" params={{ incidentId: incident.id }} className={styles.chip}>
          {t('related.incident', { number: incident.number })} <bdi>{incident.title}</bdi>
        </Link>
      )}
      {alike.length > 0 && (
        <Popover
          label={t('related.alike', { count: alike.length })}
          trigger={
            <Button small look="quiet" icon="people">
              {t('related.alike', { count: alike.length })}
            </Button>
          }
        >
          <Alike ticket={ticket} related={data} />
        </Popover>
      )}
      {!incident && alike.length === 0 && <NewIncidentButton ticket={ticket} />}
      {person.length > 0 && <RefsButton label={t('related.person', { count: person.length })} tickets={person} />}
      {device.length > 0 && <RefsButton label={t('related.device', { count: device.length })} tickets={device} />}
    </section>
  )
}

function RefsButton({ label, tickets }: { readonly label: string; readonly tickets: RelatedTickets['person'] }) {
  return (
    <Popover
      label={label}
      trigger={
        <Button small look="quiet" icon="clock">
          {label}
        </Button>
      }
    >
      <ul className={styles.popped}>
        {tickets.map((one) => (
          <TicketLine key={one.id} ticket={one} />
        ))}
      </ul>
    </Popover>
  )
}

/** Other people who say the same: each a click away, and all of them one incident. */
function Alike({
  ticket,
  related: { incident, alike },
}: {
  readonly ticket: Ticket
  readonly related: RelatedTickets
}) {
  const { t } = useTranslation()
  const free = alike.filter((one) => one.incident === null)
  const known = alike.find((one) => one.incident !== null)?.incident ?? null
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(free.map(({ id }) => id)))
  const ids = free.map(({ id }) => id).filter((id) => chosen.has(id))
  const target = incident ?? known
  const joining = useMutation({
    mutationFn: async (to: { readonly id: string; readonly number: number }) => {
      const { changed } = await addTickets(to.id, incident ? ids : [ticket.id, ...ids])
      toast(t('related.joined', { count: changed.length, number: to.number }), {
        action: { label: t('related.undo'), run: () => void removeTickets(to.id, changed) },
      })
    },
  })
  return (
    <div className={styles.alike}>
      <ul className={styles.popped}>
        {alike.map((one) => (
          <TicketLine
            key={one.id}
            ticket={one}
            more={
              <>
                <Pill>{t('related.likeness', { percent: one.likeness })}</Pill>
                {one.incident && <Pill tone="accent">{t('related.incident', { number: one.incident.number })}</Pill>}
              </>
            }
          >
            {!one.incident && (
              <CheckRow
                checked={chosen.has(one.id)}
                onChange={(on) => {
                  const next = new Set(chosen)
                  if (on) next.add(one.id)
                  else next.delete(one.id)
                  setChosen(next)
                }}
              >
                {t('related.take')}
              </CheckRow>
            )}
          </TicketLine>
        ))}
      </ul>
      {joining.error && <p role="alert">{incidentProblem(joining.error, t)}</p>}
      {target && (ids.length > 0 || !incident) && (
        <Button busy={joining.isPending} onClick={() => joining.mutate(target)}>
          {t('related.join', { number: target.number, count: incident ? ids.length : ids.length + 1 })}
        </Button>
      )}
      {!incident && <NewIncident ticketIds={[ticket.id, ...ids]} />}
    </div>
  )
}

function NewIncidentButton({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation()
  return (
    <Popover
      label={t('related.make')}
      trigger={
        <Button small look="quiet" icon="plus">
          {t('related.make')}
        </Button>
      }
    >
      <NewIncident ticketIds={[ticket.id]} />
    </Popover>
  )
}

/** A name, and it is there. */
export function NewIncident({ ticketIds }: { readonly ticketIds: readonly string[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [title, setTitle] = useState('')
  const making = useMutation({
    mutationFn: () => createIncident(title.trim(), ticketIds),
    onSuccess: ({ id }) => navigate({ to: '/incidents/$incidentId', params: { incidentId: id } }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (title.trim() !== '') making.mutate()
  }
  return (
    <form className={styles.make} onSubmit={submit}>
      <TextField label={t('incident.name')} value={title} onChange={setTitle} maxLength={200} />
      {making.error && <p role="alert">{incidentProblem(making.error, t)}</p>}
      <Button type="submit" look="primary" busy={making.isPending} aria-disabled={title.trim() === ''}>
        {t('related.makeOf', { count: ticketIds.length })}
      </Button>
    </form>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { request } from '../api/request.ts'
import type { TicketDetail, TicketPage } from '../api/wire.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { TextField } from '../ui/TextField.tsx'
import { link, merge, relationsQuery } from './api.ts'
import styles from './Moves.module.css'
import { useOpenTicket } from './use-open-ticket.ts'

interface Choice {
  readonly id: string
  readonly number: number
  readonly name: string
  readonly status: string
  readonly preview: string
}

/** Which conversation this one goes into, or is linked with: first those of the same person, then what is looked for. */
export function MergeDialog({
  ticket,
  what,
  onClose,
}: {
  readonly ticket: TicketDetail
  readonly what: 'merge' | 'link'
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const open = useOpenTicket()
  const [words, setWords] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const { data: relations } = useQuery(relationsQuery(ticket.id))
  const asked = words.trim()
  const found = useQuery({
    queryKey: ['palette', 'merge', ticket.brandId, asked],
    queryFn: ({ signal }) =>
      request<TicketPage>(
        `/api/tickets?${new URLSearchParams({ q: asked.slice(0, 200), brand: ticket.brandId, limit: '12' })}`,
        { signal },
      ),
    enabled: asked !== '',
    staleTime: 10_000,
  })
  const choices: readonly Choice[] = (
    asked === ''
      ? (relations?.samePerson ?? [])
      : (found.data?.tickets ?? []).map(({ id, number, contact, status, preview }) => ({
          id,
          number,
          name: contact.name,
          status,
          preview,
        }))
  ).filter(({ id }) => id !== ticket.id)
  const pick = async ({ id }: Choice) => {
    setIsBusy(true)
    if (what === 'link') await link(ticket.id, id, true)
    const done = what === 'link' || (await merge(ticket.id, id, open))
    setIsBusy(false)
    if (done) onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(`move.${what}Title`, { number: ticket.number })}
      description={t(`move.${what}Help`)}
    >
      <div className={styles.search}>
        <TextField type="search" label={t('move.search')} value={words} onChange={setWords} maxLength={200} autoFocus />
        {found.error && <ErrorNote error={found.error} onRetry={found.refetch} />}
        {asked === '' && choices.length > 0 && <p className={styles.faint}>{t('move.samePerson')}</p>}
        <p className="aside" role="status">
          {asked !== '' && !found.isFetching ? t('saved.count', { count: choices.length }) : ''}
        </p>
        <ul className={styles.choices}>
          {choices.map((choice) => (
            <li key={choice.id}>
              <button type="button" className={styles.choice} disabled={isBusy} onClick={() => void pick(choice)}>
                <span className={styles.choiceTop}>
                  <bdi>{choice.name}</bdi>
                  <small>
                    #{choice.number} · {t(`status.${choice.status as TicketDetail['status']}`)}
                  </small>
                </span>
                <bdi className={styles.preview}>{choice.preview || t('queue.noPreview')}</bdi>
              </button>
            </li>
          ))}
        </ul>
        {asked !== '' && !found.isFetching && choices.length === 0 && (
          <p className={styles.faint}>{t('queue.empty.found.title')}</p>
        )}
        <Button onClick={onClose}>{t('common.cancel')}</Button>
      </div>
    </Dialog>
  )
}

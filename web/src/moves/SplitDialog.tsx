import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TicketDetail } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { useMessages } from '../thread/use-messages.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { split } from './api.ts'
import styles from './Moves.module.css'
import { useOpenTicket } from './use-open-ticket.ts'

/** Which messages become a conversation of their own. */
export function SplitDialog({ ticket, onClose }: { readonly ticket: TicketDetail; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const open = useOpenTicket()
  const { messages, hasNextPage, isFetchingNextPage, fetchNextPage } = useMessages(ticket.id)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [isBusy, setIsBusy] = useState(false)
  const isCustomers = (id: string) => messages.find((message) => message.id === id)?.direction === 'inbound'
  const stays = messages.some(({ id, direction }) => direction === 'inbound' && !chosen.has(id)) || hasNextPage
  const complete = [...chosen].some(isCustomers) && stays && chosen.size <= 200
  const turn = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }
  const run = async () => {
    setIsBusy(true)
    const done = await split(ticket.id, [...chosen], open)
    setIsBusy(false)
    if (done) onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('move.splitTitle', { number: ticket.number })}
      description={t('move.splitHelp')}
      wide
    >
      <div className={styles.search}>
        {hasNextPage && (
          <Button small look="quiet" busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
            {t('thread.earlier')}
          </Button>
        )}
        <ul className={styles.messages}>
          {messages.map(({ id, author, sentAt, text, direction }) => (
            <li key={id} data-direction={direction}>
              <label className={styles.message}>
                <input type="checkbox" checked={chosen.has(id)} onChange={() => turn(id)} />
                <span>
                  <span className={styles.choiceTop}>
                    <bdi>{author.name}</bdi>
                    <small>{fullTime(new Date(sentAt), i18n.language)}</small>
                  </span>
                  <bdi className={styles.words}>{text.slice(0, 300) || t('thread.noText')}</bdi>
                </span>
              </label>
            </li>
          ))}
        </ul>
        <p className={styles.faint} role="status">
          {chosen.size > 0 && !complete ? t('move.splitNeeds') : t('move.splitChosen', { count: chosen.size })}
        </p>
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" icon="split" busy={isBusy} disabled={!complete} onClick={() => void run()}>
            {t('move.splitDo')}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  )
}

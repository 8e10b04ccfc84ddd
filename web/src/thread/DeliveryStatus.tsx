import { useTranslation } from 'react-i18next'
import type { Delivery, Message } from '../api/wire.ts'
import { writeAgain } from '../composer/focus.ts'
import { clockTime } from '../i18n/format.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import styles from './Delivery.module.css'
import { canUndo, deliveryIcons, deliveryLines, deliveryTones } from './delivery.ts'
import { LogLink } from './LogLink.tsx'
import { OnceMore } from './OnceMore.tsx'
import { reasonText } from './reason-text.ts'
import { Undo } from './Undo.tsx'
import { UnknownDelivery } from './UnknownDelivery.tsx'

/** Under every reply: what became of it, why, and what can be done. */
export function DeliveryStatus({ message, ticketId }: { readonly message: Message; readonly ticketId: string }) {
  if (message.deliveries.length === 0) return null
  return (
    <div className={styles.status}>
      {canUndo(message) && <Undo message={message} ticketId={ticketId} />}
      {deliveryLines(message.deliveries).map(({ delivery, part, of }) => (
        <Line key={delivery.id} delivery={delivery} part={part} of={of} message={message} ticketId={ticketId} />
      ))}
    </div>
  )
}

const byHandWords: Partial<Record<Delivery['state'], 'task.planned' | 'task.answered'>> = {
  queued: 'task.planned',
  sent: 'task.answered',
}

interface LineProps {
  readonly delivery: Delivery
  readonly part: number | null
  readonly of: number
  readonly message: Message
  readonly ticketId: string
}

function Line({ delivery, part, of, message, ticketId }: LineProps) {
  const { t, i18n } = useTranslation()
  const { state } = delivery
  const isWaitingAgain = state === 'queued' && delivery.attempt > 0
  // While it can be undone, the countdown above says all there is to say.
  if (state === 'queued' && !isWaitingAgain && canUndo(message)) return null
  const { what, help } = reasonText(delivery, t, i18n.language)
  const byHand = delivery.byHand ? byHandWords[state] : undefined
  const word = byHand
    ? t(byHand)
    : state === 'cancelled' && delivery.reason?.code === 'undone'
      ? t('delivery.undone')
      : t(`delivery.state.${state}`)
  return (
    <div className={styles.line}>
      <p className={styles.words} data-tone={deliveryTones[state]}>
        <Icon name={deliveryIcons[state]} size={14} />
        {part !== null && <span>{t('delivery.part', { part, of })}</span>}
        <span>{word}</span>
        {what && <span className={styles.why}>{what}</span>}
        {isWaitingAgain && (
          <span className={styles.why}>
            {t('delivery.waitsUntil', { time: clockTime(new Date(delivery.notBefore), i18n.language) })}
          </span>
        )}
        <LogLink delivery={delivery} message={message} ticketId={ticketId} />
      </p>
      {state === 'failed' && (
        <p className={styles.help}>
          {help}
          <Button small icon="edit" onClick={() => writeAgain(ticketId, message.text, message.inReplyTo)}>
            {t('delivery.editAgain')}
          </Button>
          <OnceMore delivery={delivery} message={message} ticketId={ticketId} />
        </p>
      )}
      {isWaitingAgain && help && <p className={styles.help}>{help}</p>}
      {state === 'unknown' && <UnknownDelivery delivery={delivery} ticketId={ticketId} />}
    </div>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ticketQuery } from '../api/queries.ts'
import type { Delivery, Message } from '../api/wire.ts'
import { useMe } from '../shell/use-me.ts'
import { Icon } from '../ui/Icon.tsx'
import styles from './Delivery.module.css'

/** What was said with the platform about this one: for those who may read the log, once something was said. */
export function LogLink({
  delivery,
  message,
  ticketId,
}: {
  readonly delivery: Delivery
  readonly message: Message
  readonly ticketId: string
}) {
  const { t } = useTranslation()
  const me = useMe()
  const { data: ticket } = useQuery(ticketQuery(ticketId))
  const accountId = ticket?.threads.find(({ id }) => id === message.threadId)?.accountId
  if (me.role === 'agent' || !accountId || delivery.attempt === 0 || delivery.byHand) return null
  return (
    <Link
      to="/settings/accounts/$accountId/log"
      params={{ accountId }}
      search={{ delivery: delivery.id }}
      className={styles.log}
      title={t('log.ofDelivery')}
    >
      <Icon name="all" size={14} />
      <span className={delivery.state === 'failed' || delivery.state === 'unknown' ? undefined : 'aside'}>
        {t('log.ofDelivery')}
      </span>
    </Link>
  )
}

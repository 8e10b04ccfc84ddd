import { useTranslation } from 'react-i18next'
import { Empty } from '../ui/Empty.tsx'
import styles from './TicketPage.module.css'

/** The right side while no conversation is open. */
export function NoTicket() {
  const { t } = useTranslation()
  return (
    <div className={styles.middle}>
      <Empty icon="inbox" title={t('ticket.pick')}>
        {t('ticket.pickHelp')}
      </Empty>
    </div>
  )
}

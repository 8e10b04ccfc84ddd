import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Page } from '../shell/Page.tsx'
import { useMe } from '../shell/use-me.ts'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { ApprovalCard } from './ApprovalCard.tsx'
import { approvalsQuery } from './api.ts'
import styles from './Together.module.css'

/** For supervisors all that waits, for agents what became of their own. */
export function ApprovalsPage() {
  const { t } = useTranslation()
  const me = useMe()
  const { data, error, refetch } = useQuery(approvalsQuery)
  return (
    <Page title={t('approval.title')} intro={t(me.role === 'agent' ? 'approval.introAgent' : 'approval.intro')}>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!data && !error && <Spinner label={t('common.loading')} />}
      {data?.approvals.length === 0 && (
        <Empty icon="done" title={t('approval.empty')}>
          {t('approval.emptyHelp')}
        </Empty>
      )}
      <ul className={styles.cards}>
        {data?.approvals.map((approval) => (
          <li key={approval.id}>
            <ApprovalCard approval={approval} withTicket />
          </li>
        ))}
      </ul>
    </Page>
  )
}

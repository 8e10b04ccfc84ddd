import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { figure } from '../i18n/format.ts'
import styles from '../shell/Sidebar.module.css'
import { Icon } from '../ui/Icon.tsx'
import { approvalsQuery } from './api.ts'

/** Only where a brand wants approvals. How many wait stands beside it. */
export function ApprovalsLink({ onNavigate }: { readonly onNavigate: (() => void) | undefined }) {
  const { t, i18n } = useTranslation()
  const { data } = useQuery(approvalsQuery)
  if (!data?.inUse) return null
  return (
    <li>
      <Link to="/approvals" className={styles.link} onClick={onNavigate} activeProps={{ 'aria-current': 'page' }}>
        <Icon name="eye" />
        {t('approval.title')}
        {data.waiting > 0 && (
          <span className={styles.due} title={t('approval.waiting', { count: data.waiting })}>
            <span aria-hidden="true">{figure(data.waiting, i18n.language)}</span>
            <span className="aside">{t('approval.waiting', { count: data.waiting })}</span>
          </span>
        )}
      </Link>
    </li>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { figure } from '../i18n/format.ts'
import { unreadQuery } from '../promises/queries.ts'
import styles from '../shell/Sidebar.module.css'
import { Icon } from '../ui/Icon.tsx'

/** The list of notices, with how many have not been seen. */
export function NoticeLink({ onNavigate }: { readonly onNavigate: (() => void) | undefined }) {
  const { t, i18n } = useTranslation()
  const { data: unread = 0 } = useQuery(unreadQuery)
  return (
    <li className={styles.apart}>
      <Link to="/notices" className={styles.link} onClick={onNavigate} activeProps={{ 'aria-current': 'page' }}>
        <Icon name="bell" />
        {t('notices.title')}
        {unread > 0 && (
          <span className={styles.due} title={t('notices.count', { count: unread })}>
            <span aria-hidden="true">{figure(unread, i18n.language)}</span>
            <span className="aside">{t('notices.count', { count: unread })}</span>
          </span>
        )}
      </Link>
    </li>
  )
}

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { accountsQuery, tasksQuery } from '../api/queries.ts'
import { figure } from '../i18n/format.ts'
import { useFileAccounts } from '../imports/file-accounts.ts'
import { taskQueryOf } from '../tasks/views.ts'
import { ApprovalsLink } from '../together/ApprovalsLink.tsx'
import { Icon } from '../ui/Icon.tsx'
import { LearnLinks } from './LearnLinks.tsx'
import styles from './Sidebar.module.css'

/** Work that is no list of conversations: mentions, files, tasks, and what is written down by hand. */
export function WorkLinks({ onNavigate }: { readonly onNavigate: (() => void) | undefined }) {
  const { t } = useTranslation()
  const takesFiles = useFileAccounts().length > 0
  return (
    <ul>
      <li className={styles.apart}>
        <Link
          to="/mentions"
          search={{}}
          className={styles.link}
          onClick={onNavigate}
          activeOptions={{ includeSearch: false }}
          activeProps={{ 'aria-current': 'page' }}
        >
          <Icon name="ear" />
          {t('mentions.title')}
        </Link>
      </li>
      {takesFiles && (
        <li>
          <Link
            to="/imports"
            search={{}}
            className={styles.link}
            onClick={onNavigate}
            activeOptions={{ includeSearch: false }}
            activeProps={{ 'aria-current': 'page' }}
          >
            <Icon name="upload" />
            {t('imports.open')}
          </Link>
        </li>
      )}
      <Tasks onNavigate={onNavigate} />
      <ApprovalsLink onNavigate={onNavigate} />
      <Entries onNavigate={onNavigate} />
      <LearnLinks onNavigate={onNavigate} />
    </ul>
  )
}

/** How many are due stands beside it. */
function Tasks({ onNavigate }: { readonly onNavigate: (() => void) | undefined }) {
  const { t, i18n } = useTranslation()
  const { data } = useInfiniteQuery(tasksQuery(taskQueryOf('due')))
  const due = data?.pages[0]?.due ?? 0
  return (
    <li className={styles.apart}>
      <Link
        to="/tasks"
        search={{}}
        className={styles.link}
        onClick={onNavigate}
        activeOptions={{ includeSearch: false }}
        activeProps={{ 'aria-current': 'page' }}
      >
        <Icon name="clock" />
        {t('task.title')}
        {due > 0 && (
          <span className={styles.due} title={t('task.dueCount', { count: due })}>
            <span aria-hidden="true">{figure(due, i18n.language)}</span>
            <span className="aside">{t('task.dueCount', { count: due })}</span>
          </span>
        )}
      </Link>
    </li>
  )
}

/** Where a call or a visit is written down. */
function Entries({ onNavigate }: { readonly onNavigate: (() => void) | undefined }) {
  const { data: accounts = [] } = useQuery(accountsQuery)
  return accounts
    .filter(({ entry }) => entry !== null)
    .map(({ id, name }) => (
      <li key={id}>
        <Link
          to="/entries/$accountId"
          params={{ accountId: id }}
          className={styles.link}
          onClick={onNavigate}
          activeProps={{ 'aria-current': 'page' }}
        >
          <Icon name="plus" />
          <bdi>{name}</bdi>
        </Link>
      </li>
    ))
}

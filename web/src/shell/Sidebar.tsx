import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { accountsQuery, tasksQuery } from '../api/queries.ts'
import { signOut } from '../api/session.ts'
import { figure } from '../i18n/format.ts'
import { problemText } from '../i18n/problem-text.ts'
import { useFileAccounts } from '../imports/file-accounts.ts'
import { viewIcons, viewNames } from '../inbox/views.ts'
import { settingsPages } from '../settings/pages.ts'
import { taskQueryOf } from '../tasks/views.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Icon } from '../ui/Icon.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../ui/Menu.tsx'
import { toast } from '../ui/toast.ts'
import { Mark } from './Mark.tsx'
import styles from './Sidebar.module.css'
import { isAdministrator, useMe } from './use-me.ts'

export interface SidebarProps {
  readonly place: 'inbox' | 'settings'
  readonly onShortcuts?: () => void
  readonly onNavigate?: () => void
  readonly className?: string | undefined
}

export function Sidebar({ place, onShortcuts, onNavigate, className }: SidebarProps) {
  const { t } = useTranslation()
  return (
    <aside aria-label={t('nav.main')} className={[styles.sidebar, className].filter(Boolean).join(' ')}>
      <div className={styles.brand}>
        <Mark />
        <span>{t('common.product')}</span>
      </div>
      {place === 'inbox' ? <Views onNavigate={onNavigate} /> : <SettingsPages onNavigate={onNavigate} />}
      <Person onShortcuts={onShortcuts} onNavigate={onNavigate} />
    </aside>
  )
}

function Views({ onNavigate }: { readonly onNavigate: (() => void) | undefined }) {
  const { t } = useTranslation()
  const { view: current } = useParams({ strict: false })
  const takesFiles = useFileAccounts().length > 0
  return (
    <nav aria-label={t('nav.views')} className={styles.nav}>
      <ul>
        {viewNames.map((view) => (
          <li key={view} className={view === 'unknown' ? styles.apart : undefined}>
            <Link
              to="/inbox/$view"
              params={{ view }}
              search={{}}
              className={styles.link}
              onClick={onNavigate}
              {...(current === view ? { 'aria-current': 'page' as const } : {})}
            >
              <Icon name={viewIcons[view]} />
              {t(`view.${view}`)}
            </Link>
          </li>
        ))}
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
        <Entries onNavigate={onNavigate} />
      </ul>
    </nav>
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

function SettingsPages({ onNavigate }: { readonly onNavigate: (() => void) | undefined }) {
  const { t } = useTranslation()
  const administrator = isAdministrator(useMe())
  return (
    <nav aria-label={t('settings.nav')} className={styles.nav}>
      <ul>
        <li>
          <Link to="/inbox/$view" params={{ view: 'all' }} search={{}} className={styles.link} onClick={onNavigate}>
            <Icon name="back" />
            {t('settings.back')}
          </Link>
        </li>
        {settingsPages
          .filter((page) => administrator || !page.administratorOnly)
          .map((page, index) => (
            <li key={page.to} className={index === 0 ? styles.apart : undefined}>
              <Link to={page.to} className={styles.link} onClick={onNavigate} activeProps={{ 'aria-current': 'page' }}>
                <Icon name={page.icon} />
                {t(page.title)}
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  )
}

function Person({
  onShortcuts,
  onNavigate,
}: {
  readonly onShortcuts: (() => void) | undefined
  readonly onNavigate: (() => void) | undefined
}) {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const go = (to: '/settings/preferences' | '/settings/accounts') => {
    onNavigate?.()
    navigate({ to })
  }
  const leave = () =>
    signOut().then(
      () => navigate({ to: '/sign-in', search: {} }),
      (error: unknown) => toast(problemText(error, t), { tone: 'danger' }),
    )
  return (
    <div className={styles.person}>
      <Menu
        trigger={
          <button type="button" className={styles.me}>
            <Avatar id={me.id} name={me.name} size={30} />
            <span className={styles.name}>
              <span className="aside">{t('nav.account')}</span>
              {me.name}
              <small>{t(`role.${me.role}`)}</small>
            </span>
          </button>
        }
      >
        <MenuLabel>{me.email ?? me.name}</MenuLabel>
        <MenuItem icon="settings" onSelect={() => go('/settings/preferences')}>
          {t('settings.preferences')}
        </MenuItem>
        {onShortcuts && (
          <MenuItem icon="keyboard" onSelect={onShortcuts}>
            {t('nav.shortcuts')}
          </MenuItem>
        )}
        <MenuSeparator />
        <MenuItem icon="signOut" onSelect={leave}>
          {t('nav.signOut')}
        </MenuItem>
      </Menu>
      <IconButton
        icon="settings"
        label={t('nav.settings')}
        onClick={() => go(isAdministrator(me) ? '/settings/accounts' : '/settings/preferences')}
      />
    </div>
  )
}

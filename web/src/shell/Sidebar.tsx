import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { signOut } from '../api/session.ts'
import { problemText } from '../i18n/problem-text.ts'
import { chord } from '../palette/use-palette-key.ts'
import { settingsPages } from '../settings/pages.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Icon } from '../ui/Icon.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../ui/Menu.tsx'
import { toast } from '../ui/toast.ts'
import { Mark } from './Mark.tsx'
import styles from './Sidebar.module.css'
import { isAdministrator, useMe } from './use-me.ts'
import { ViewLinks } from './ViewLinks.tsx'

export interface SidebarProps {
  readonly place: 'inbox' | 'settings'
  readonly onShortcuts?: () => void
  readonly onPalette?: () => void
  readonly onNavigate?: () => void
  readonly className?: string | undefined
}

export function Sidebar({ place, onShortcuts, onPalette, onNavigate, className }: SidebarProps) {
  const { t } = useTranslation()
  return (
    <aside aria-label={t('nav.main')} className={[styles.sidebar, className].filter(Boolean).join(' ')}>
      <div className={styles.brand}>
        <Mark />
        <span className={styles.product}>{t('common.product')}</span>
        {onPalette && <IconButton icon="search" label={t('palette.open')} hint={chord} onClick={onPalette} />}
      </div>
      {place === 'inbox' ? <ViewLinks onNavigate={onNavigate} /> : <SettingsPages onNavigate={onNavigate} />}
      <Person onShortcuts={onShortcuts} onNavigate={onNavigate} />
    </aside>
  )
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

import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { withWords } from '../i18n/i18n.ts'
import { Bell } from '../notices/Bell.tsx'
import { chord } from '../palette/use-palette-key.ts'
import { groupsFor } from '../settings/pages.ts'
import { Icon } from '../ui/Icon.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Mark } from './Mark.tsx'
import { MeButton } from './MeButton.tsx'
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
        <Bell onNavigate={onNavigate} />
        {onPalette && <IconButton icon="search" label={t('palette.open')} hint={chord} onClick={onPalette} />}
      </div>
      {place === 'inbox' ? <ViewLinks onNavigate={onNavigate} /> : <SettingsPages onNavigate={onNavigate} />}
      <Person onShortcuts={onShortcuts} onNavigate={onNavigate} />
    </aside>
  )
}

function SettingsPages({ onNavigate }: { readonly onNavigate: (() => void) | undefined }) {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <nav aria-label={t('settings.nav')} className={styles.nav}>
      <ul>
        <li>
          <Link to="/inbox/$view" params={{ view: 'all' }} search={{}} className={styles.link} onClick={onNavigate}>
            <Icon name="back" />
            {t('settings.back')}
          </Link>
        </li>
      </ul>
      {groupsFor(me).map((group) => (
        <section key={group.title} aria-label={t(group.title)}>
          <h2 className={styles.heading}>{t(group.title)}</h2>
          <ul>
            {group.pages.map((page) => (
              <li key={page.to}>
                <Link
                  to={page.to}
                  className={styles.link}
                  onClick={onNavigate}
                  activeProps={{ 'aria-current': 'page' }}
                >
                  <Icon name={page.icon} />
                  {t(page.title)}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  )
}

const PersonMenu = lazy(loadPersonMenu)
async function loadPersonMenu() {
  return { default: (await withWords(import('./PersonMenu.tsx'))).PersonMenu }
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
  const [isAsked, setIsAsked] = useState(false)
  const button = (
    <MeButton
      me={me}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={loadPersonMenu}
      onClick={() => setIsAsked(true)}
    />
  )
  return (
    <div className={styles.person}>
      {isAsked ? (
        <Suspense fallback={button}>
          <PersonMenu onShortcuts={onShortcuts} onNavigate={onNavigate} />
        </Suspense>
      ) : (
        button
      )}
      <IconButton
        icon="settings"
        label={t('nav.settings')}
        onClick={() => {
          onNavigate?.()
          navigate({ to: isAdministrator(me) ? '/settings/accounts' : '/settings/preferences' })
        }}
      />
    </div>
  )
}

import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { signOut } from '../api/session.ts'
import { problemText } from '../i18n/problem-text.ts'
import { StateChoice } from '../promises/StateChoice.tsx'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../ui/Menu.tsx'
import { toast } from '../ui/toast.ts'
import { MeButton } from './MeButton.tsx'
import type { SidebarProps } from './Sidebar.tsx'
import { useMe } from './use-me.ts'

interface PersonMenuProps {
  readonly onShortcuts: SidebarProps['onShortcuts'] | undefined
  readonly onNavigate: SidebarProps['onNavigate'] | undefined
}

/** Loaded when it is first asked for, and open then. */
export function PersonMenu({ onShortcuts, onNavigate }: PersonMenuProps) {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const leave = () =>
    signOut().then(
      () => navigate({ to: '/sign-in', search: {} }),
      (error: unknown) => toast(problemText(error, t), { tone: 'danger' }),
    )
  return (
    <Menu defaultOpen trigger={<MeButton me={me} />}>
      <MenuLabel>{me.email ?? me.name}</MenuLabel>
      <StateChoice />
      <MenuSeparator />
      <MenuItem
        icon="settings"
        onSelect={() => {
          onNavigate?.()
          navigate({ to: '/settings/preferences' })
        }}
      >
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
  )
}

/** The pages of the settings, in their order. */
import type { Me } from '../api/wire.ts'
import type { IconName } from '../ui/icons.ts'

export const settingsPages = [
  { to: '/settings/accounts', title: 'settings.accounts', icon: 'plug', administratorOnly: true },
  { to: '/settings/users', title: 'settings.users', icon: 'people', administratorOnly: true },
  { to: '/settings/teams', title: 'settings.teams', icon: 'people', administratorOnly: false },
  { to: '/settings/keys', title: 'settings.keys', icon: 'key', administratorOnly: true },
  { to: '/settings/categories', title: 'settings.categories', icon: 'folder', administratorOnly: true },
  { to: '/settings/rules', title: 'settings.rules', icon: 'rules', administratorOnly: false, supervisors: true },
  { to: '/settings/repairs', title: 'settings.repairs', icon: 'shield', administratorOnly: true },
  { to: '/settings/quick-replies', title: 'settings.quickReplies', icon: 'quick', administratorOnly: false },
  { to: '/settings/preferences', title: 'settings.preferences', icon: 'person', administratorOnly: false },
] as const satisfies readonly {
  to: string
  title: string
  icon: IconName
  administratorOnly: boolean
  supervisors?: true
}[]

/** The pages this person may see. */
export const pagesOf = (me: Me) =>
  settingsPages.filter(
    (page) =>
      me.role === 'administrator' ||
      (!page.administratorOnly && (me.role === 'supervisor' || !('supervisors' in page))),
  )

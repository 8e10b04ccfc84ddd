/** The pages of the settings, in their order. */
import type { Me } from '../api/wire.ts'
import type { IconName } from '../ui/icons.ts'

export const settingsPages = [
  { to: '/settings/accounts', title: 'settings.accounts', icon: 'plug', administratorOnly: false, notForAgents: true },
  { to: '/settings/brands', title: 'settings.brands', icon: 'tag', administratorOnly: true },
  { to: '/settings/automatic', title: 'settings.automatic', icon: 'send', administratorOnly: true },
  { to: '/settings/not-ours', title: 'settings.notOurs', icon: 'globe', administratorOnly: true },
  { to: '/settings/users', title: 'settings.users', icon: 'people', administratorOnly: true },
  { to: '/settings/teams', title: 'settings.teams', icon: 'people', administratorOnly: false },
  { to: '/settings/promises', title: 'settings.promises', icon: 'hourglass', administratorOnly: true },
  { to: '/settings/hours', title: 'settings.hours', icon: 'clock', administratorOnly: true },
  { to: '/settings/keys', title: 'settings.keys', icon: 'key', administratorOnly: true },
  { to: '/settings/categories', title: 'settings.categories', icon: 'folder', administratorOnly: true },
  { to: '/settings/rules', title: 'settings.rules', icon: 'rules', administratorOnly: false, notForAgents: true },
  { to: '/settings/repairs', title: 'settings.repairs', icon: 'shield', administratorOnly: true },
  { to: '/settings/quick-replies', title: 'settings.quickReplies', icon: 'quick', administratorOnly: false },
  { to: '/settings/departments', title: 'department.title', icon: 'people', administratorOnly: true },
  { to: '/settings/brand-rules', title: 'conduct.title', icon: 'eye', administratorOnly: true },
  { to: '/settings/named-statuses', title: 'named.title', icon: 'tag', administratorOnly: true },
  { to: '/settings/macros', title: 'settings.macros', icon: 'macro', administratorOnly: false },
  { to: '/settings/contact-fields', title: 'settings.contactFields', icon: 'person', administratorOnly: true },
  { to: '/settings/preferences', title: 'settings.preferences', icon: 'person', administratorOnly: false },
] as const satisfies readonly {
  to: string
  title: string
  icon: IconName
  administratorOnly: boolean
  notForAgents?: true
}[]

/** Those of the pages somebody may open. */
export const pagesFor = ({ role }: Pick<Me, 'role'>) =>
  settingsPages.filter(
    (page) => role === 'administrator' || !(page.administratorOnly || ('notForAgents' in page && role === 'agent')),
  )

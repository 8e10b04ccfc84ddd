/** The pages of the settings, in their order. */
import type { IconName } from '../ui/icons.ts'

export const settingsPages = [
  { to: '/settings/accounts', title: 'settings.accounts', icon: 'plug', administratorOnly: true },
  { to: '/settings/users', title: 'settings.users', icon: 'people', administratorOnly: true },
  { to: '/settings/keys', title: 'settings.keys', icon: 'key', administratorOnly: true },
  { to: '/settings/quick-replies', title: 'settings.quickReplies', icon: 'quick', administratorOnly: false },
  { to: '/settings/macros', title: 'settings.macros', icon: 'macro', administratorOnly: false },
  { to: '/settings/contact-fields', title: 'settings.contactFields', icon: 'person', administratorOnly: true },
  { to: '/settings/preferences', title: 'settings.preferences', icon: 'person', administratorOnly: false },
] as const satisfies readonly { to: string; title: string; icon: IconName; administratorOnly: boolean }[]

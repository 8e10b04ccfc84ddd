/** The pages of the settings, in their order. */
import type { IconName } from '../ui/icons.ts'

export const settingsPages = [
  { to: '/settings/accounts', title: 'settings.accounts', icon: 'plug', administratorOnly: true },
  { to: '/settings/users', title: 'settings.users', icon: 'people', administratorOnly: true },
  { to: '/settings/teams', title: 'settings.teams', icon: 'people', administratorOnly: false },
  { to: '/settings/promises', title: 'settings.promises', icon: 'hourglass', administratorOnly: true },
  { to: '/settings/hours', title: 'settings.hours', icon: 'clock', administratorOnly: true },
  { to: '/settings/keys', title: 'settings.keys', icon: 'key', administratorOnly: true },
  { to: '/settings/quick-replies', title: 'settings.quickReplies', icon: 'quick', administratorOnly: false },
  { to: '/settings/preferences', title: 'settings.preferences', icon: 'person', administratorOnly: false },
] as const satisfies readonly { to: string; title: string; icon: IconName; administratorOnly: boolean }[]

/** The pages of the settings, in their order. */
import type { Me } from '../api/wire.ts'
import type { IconName } from '../ui/icons.ts'

const everybody = { administratorOnly: false } as const
const supervisors = { administratorOnly: false, notForAgents: true } as const
const administrators = { administratorOnly: true } as const

interface Page {
  readonly to: string
  readonly title: string
  readonly icon: IconName
  readonly administratorOnly: boolean
  readonly notForAgents?: boolean
}

/** Under headings, in the order in which a house is set up; one's own things last. */
export const settingsGroups = [
  {
    title: 'settings.groups.channels',
    pages: [
      { to: '/settings/accounts', title: 'settings.accounts', icon: 'plug', ...supervisors },
      { to: '/settings/brands', title: 'settings.brands', icon: 'tag', ...administrators },
      { to: '/settings/keys', title: 'settings.keys', icon: 'key', ...administrators },
    ],
  },
  {
    title: 'settings.groups.team',
    pages: [
      { to: '/settings/users', title: 'settings.users', icon: 'people', ...administrators },
      { to: '/settings/teams', title: 'settings.teams', icon: 'people', ...everybody },
      { to: '/settings/departments', title: 'department.title', icon: 'people', ...administrators },
    ],
  },
  {
    title: 'settings.groups.tickets',
    pages: [
      { to: '/settings/categories', title: 'settings.categories', icon: 'folder', ...administrators },
      { to: '/settings/named-statuses', title: 'named.title', icon: 'tag', ...administrators },
      { to: '/settings/brand-rules', title: 'conduct.title', icon: 'eye', ...administrators },
      { to: '/settings/rules', title: 'settings.rules', icon: 'rules', ...supervisors },
      { to: '/settings/macros', title: 'settings.macros', icon: 'macro', ...everybody },
      { to: '/settings/repairs', title: 'settings.repairs', icon: 'shield', ...administrators },
      { to: '/settings/contact-fields', title: 'settings.contactFields', icon: 'person', ...administrators },
    ],
  },
  {
    title: 'settings.groups.promises',
    pages: [
      { to: '/settings/promises', title: 'settings.promises', icon: 'hourglass', ...administrators },
      { to: '/settings/hours', title: 'settings.hours', icon: 'clock', ...administrators },
    ],
  },
  {
    title: 'settings.groups.words',
    pages: [
      { to: '/settings/quick-replies', title: 'settings.quickReplies', icon: 'quick', ...everybody },
      { to: '/settings/automatic', title: 'settings.automatic', icon: 'send', ...administrators },
      { to: '/settings/not-ours', title: 'settings.notOurs', icon: 'globe', ...administrators },
    ],
  },
  {
    title: 'settings.groups.mine',
    pages: [{ to: '/settings/preferences', title: 'settings.preferences', icon: 'person', ...everybody }],
  },
] as const satisfies readonly { title: string; pages: readonly Page[] }[]

const mayOpen =
  ({ role }: Pick<Me, 'role'>) =>
  (page: Page) =>
    role === 'administrator' || !(page.administratorOnly || (page.notForAgents && role === 'agent'))

/** What somebody may open; a heading with nothing under it is left away. */
export const groupsFor = (me: Pick<Me, 'role'>) =>
  settingsGroups
    .map((group) => ({ title: group.title, pages: group.pages.filter(mayOpen(me)) }))
    .filter(({ pages }) => pages.length > 0)

/** The same without headings. */
export const pagesFor = (me: Pick<Me, 'role'>) => groupsFor(me).flatMap(({ pages }) => pages)

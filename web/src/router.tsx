/** The addresses of the desk. Filters are part of the address, so that a list can be sent to a colleague. */

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { readAccountsSearch, readLogSearch } from './accounts/search.ts'
import { ApiError } from './api/problem.ts'
import { meQuery, setupQuery } from './api/queries.ts'
import { whenSignedOut } from './api/request.ts'
import { endSignIn, rememberSignIn } from './api/session.ts'
import { type FigureSearch, readFigureSearch } from './figures/search.ts'
import { withWords } from './i18n/i18n.ts'
import { Inbox } from './inbox/Inbox.tsx'
import { isViewName, readInboxSearch } from './inbox/views.ts'
import { readMentionSearch } from './mentions/search.ts'
import { queryClient } from './query-client.ts'
import { SignedIn } from './shell/SignedIn.tsx'
import { Broken, Missing } from './shell/Trouble.tsx'
import { readDepartment, readTaskView, type TaskView } from './tasks/views.ts'
import { NoTicket } from './ticket/NoTicket.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: Missing, errorComponent: Broken })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox/$view', params: { view: 'all' }, search: {} })
  },
})

const isSetupNeeded = async () => (await queryClient.fetchQuery(setupQuery)).needed

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => withWords(import('./entrance/Setup.tsx')), 'Setup'),
  beforeLoad: async () => {
    if (!(await isSetupNeeded())) throw redirect({ to: '/sign-in', search: {} })
  },
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw: Record<string, unknown>): { readonly next?: string } =>
    // Only a path of our own: never another site.
    typeof raw.next === 'string' && /^\/(?![/\\])/u.test(raw.next) ? { next: raw.next } : {},
  component: lazyRouteComponent(() => withWords(import('./entrance/SignIn.tsx')), 'SignIn'),
  beforeLoad: async () => {
    if (await isSetupNeeded()) throw redirect({ to: '/setup' })
  },
})

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: SignedIn,
  errorComponent: Broken,
  beforeLoad: async ({ location }) => {
    try {
      rememberSignIn(await queryClient.ensureQueryData(meQuery))
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error
      throw redirect({ to: '/sign-in', search: { next: location.href } })
    }
  },
})

const inbox = createRoute({
  getParentRoute: () => signedIn,
  path: '/inbox/$view',
  validateSearch: readInboxSearch,
  beforeLoad: ({ params, search }) => {
    if (!isViewName(params.view)) throw redirect({ to: '/inbox/$view', params: { view: 'all' }, search })
  },
  component: Inbox,
})

const noTicket = createRoute({ getParentRoute: () => inbox, path: '/', component: NoTicket })
const ticket = createRoute({
  getParentRoute: () => inbox,
  path: '$ticketId',
  component: lazyRouteComponent(() => withWords(import('./ticket/TicketPage.tsx')), 'TicketPage'),
})

/** On a narrow screen the person has a screen of their own, and an address, so that *back* leads to the conversation. */
const person = createRoute({ getParentRoute: () => ticket, path: 'person', component: () => null })

const ticketLink = createRoute({
  getParentRoute: () => signedIn,
  path: '/tickets/$ticketId',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/inbox/$view/$ticketId', params: { view: 'all', ticketId: params.ticketId }, search: {} })
  },
})

const mentions = createRoute({
  getParentRoute: () => signedIn,
  path: '/mentions',
  validateSearch: readMentionSearch,
  component: lazyRouteComponent(() => withWords(import('./mentions/MentionsPage.tsx')), 'MentionsPage'),
})

const imports = createRoute({
  getParentRoute: () => signedIn,
  path: '/imports',
  validateSearch: (raw: Record<string, unknown>): { readonly account?: string } =>
    typeof raw.account === 'string' && /^[\w-]{1,50}$/u.test(raw.account) ? { account: raw.account } : {},
  component: lazyRouteComponent(() => withWords(import('./imports/ImportsPage.tsx')), 'ImportsPage'),
})

const figures = createRoute({
  getParentRoute: () => signedIn,
  path: '/figures',
  validateSearch: (raw: Record<string, unknown>): FigureSearch => readFigureSearch(raw),
  component: lazyRouteComponent(() => withWords(import('./figures/FiguresPage.tsx')), 'FiguresPage'),
})

const incidents = createRoute({
  getParentRoute: () => signedIn,
  path: '/incidents',
  validateSearch: (raw: Record<string, unknown>): { readonly show?: 'resolved' } =>
    raw.show === 'resolved' ? { show: 'resolved' } : {},
  component: lazyRouteComponent(() => withWords(import('./incidents/IncidentsPage.tsx')), 'IncidentsPage'),
})
const incident = createRoute({
  getParentRoute: () => signedIn,
  path: '/incidents/$incidentId',
  component: lazyRouteComponent(() => withWords(import('./incidents/IncidentPage.tsx')), 'IncidentPage'),
})

const quality = createRoute({
  getParentRoute: () => signedIn,
  path: '/quality',
  validateSearch: (raw: Record<string, unknown>): { readonly show?: 'done' | 'mine' } =>
    raw.show === 'done' || raw.show === 'mine' ? { show: raw.show } : {},
  component: lazyRouteComponent(() => withWords(import('./quality/QualityPage.tsx')), 'QualityPage'),
})
const scoreSheet = createRoute({
  getParentRoute: () => signedIn,
  path: '/quality/sheet',
  component: lazyRouteComponent(() => withWords(import('./quality/SheetPage.tsx')), 'SheetPage'),
})

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  component: lazyRouteComponent(() => withWords(import('./settings/Settings.tsx')), 'Settings'),
})

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/preferences' })
  },
})

const accounts = createRoute({
  getParentRoute: () => settings,
  path: 'accounts',
  validateSearch: readAccountsSearch,
  component: lazyRouteComponent(() => withWords(import('./settings/AccountsPage.tsx')), 'AccountsPage'),
})
const accountLog = createRoute({
  getParentRoute: () => settings,
  path: 'accounts/$accountId/log',
  validateSearch: readLogSearch,
  component: lazyRouteComponent(() => withWords(import('./accounts/LogPage.tsx')), 'LogPage'),
})
const accountUnread = createRoute({
  getParentRoute: () => settings,
  path: 'accounts/$accountId/unread',
  component: lazyRouteComponent(() => withWords(import('./accounts/UnreadPage.tsx')), 'UnreadPage'),
})
const automatic = createRoute({
  getParentRoute: () => settings,
  path: 'automatic',
  component: lazyRouteComponent(() => withWords(import('./automatic/AutomaticPage.tsx')), 'AutomaticPage'),
})
const notOurs = createRoute({
  getParentRoute: () => settings,
  path: 'not-ours',
  component: lazyRouteComponent(() => withWords(import('./automatic/OtherPartiesPage.tsx')), 'OtherPartiesPage'),
})
const users = createRoute({
  getParentRoute: () => settings,
  path: 'users',
  component: lazyRouteComponent(() => withWords(import('./settings/UsersPage.tsx')), 'UsersPage'),
})
const brands = createRoute({
  getParentRoute: () => settings,
  path: 'brands',
  component: lazyRouteComponent(() => withWords(import('./settings/BrandsPage.tsx')), 'BrandsPage'),
})
const teams = createRoute({
  getParentRoute: () => settings,
  path: 'teams',
  component: lazyRouteComponent(() => withWords(import('./settings/TeamsPage.tsx')), 'TeamsPage'),
})
const hours = createRoute({
  getParentRoute: () => settings,
  path: 'hours',
  component: lazyRouteComponent(() => withWords(import('./settings/HoursPage.tsx')), 'HoursPage'),
})
const promises = createRoute({
  getParentRoute: () => settings,
  path: 'promises',
  component: lazyRouteComponent(() => withWords(import('./settings/PromisesPage.tsx')), 'PromisesPage'),
})
const apiKeys = createRoute({
  getParentRoute: () => settings,
  path: 'keys',
  component: lazyRouteComponent(() => withWords(import('./settings/KeysPage.tsx')), 'KeysPage'),
})
const quickReplies = createRoute({
  getParentRoute: () => settings,
  path: 'quick-replies',
  component: lazyRouteComponent(() => withWords(import('./settings/QuickRepliesPage.tsx')), 'QuickRepliesPage'),
})
const categories = createRoute({
  getParentRoute: () => settings,
  path: 'categories',
  component: lazyRouteComponent(() => withWords(import('./settings/CategoriesPage.tsx')), 'CategoriesPage'),
})
const rules = createRoute({
  getParentRoute: () => settings,
  path: 'rules',
  component: lazyRouteComponent(() => withWords(import('./rules/RulesPage.tsx')), 'RulesPage'),
})
const repairs = createRoute({
  getParentRoute: () => settings,
  path: 'repairs',
  component: lazyRouteComponent(() => withWords(import('./settings/RepairsPage.tsx')), 'RepairsPage'),
})
const macros = createRoute({
  getParentRoute: () => settings,
  path: 'macros',
  component: lazyRouteComponent(() => withWords(import('./macros/MacrosPage.tsx')), 'MacrosPage'),
})
const contactFields = createRoute({
  getParentRoute: () => settings,
  path: 'contact-fields',
  component: lazyRouteComponent(() => withWords(import('./person/FieldsPage.tsx')), 'FieldsPage'),
})
const preferences = createRoute({
  getParentRoute: () => settings,
  path: 'preferences',
  component: lazyRouteComponent(() => withWords(import('./settings/PreferencesPage.tsx')), 'PreferencesPage'),
})

const tasks = createRoute({
  getParentRoute: () => signedIn,
  path: '/tasks',
  validateSearch: (raw: Record<string, unknown>): { readonly show?: TaskView; readonly department?: string } => {
    const department = readDepartment(raw)
    const show = raw.show === undefined || readTaskView(raw) === 'due' ? {} : { show: readTaskView(raw) }
    return { ...show, ...(department ? { department } : {}) }
  },
  component: lazyRouteComponent(() => withWords(import('./tasks/TasksPage.tsx')), 'TasksPage'),
})
const approvals = createRoute({
  getParentRoute: () => signedIn,
  path: '/approvals',
  component: lazyRouteComponent(() => withWords(import('./together/ApprovalsPage.tsx')), 'ApprovalsPage'),
})
const departments = createRoute({
  getParentRoute: () => settings,
  path: 'departments',
  component: lazyRouteComponent(() => withWords(import('./together/DepartmentsPage.tsx')), 'DepartmentsPage'),
})
const conduct = createRoute({
  getParentRoute: () => settings,
  path: 'brand-rules',
  component: lazyRouteComponent(() => withWords(import('./together/ConductPage.tsx')), 'ConductPage'),
})
const namedStatuses = createRoute({
  getParentRoute: () => settings,
  path: 'named-statuses',
  component: lazyRouteComponent(() => withWords(import('./together/NamedStatusesPage.tsx')), 'NamedStatusesPage'),
})
const notices = createRoute({
  getParentRoute: () => signedIn,
  path: '/notices',
  component: lazyRouteComponent(() => withWords(import('./notices/NoticesPage.tsx')), 'NoticesPage'),
})
const entries = createRoute({
  getParentRoute: () => signedIn,
  path: '/entries/$accountId',
  component: lazyRouteComponent(() => withWords(import('./entries/EntryPage.tsx')), 'EntryPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    setup,
    signIn,
    signedIn.addChildren([
      inbox.addChildren([noTicket, ticket.addChildren([person])]),
      ticketLink,
      mentions,
      imports,
      tasks,
      approvals,
      entries,
      figures,
      incidents,
      incident,
      quality,
      scoreSheet,
      notices,
      settings.addChildren([
        settingsHome,
        accounts,
        accountLog,
        accountUnread,
        brands,
        users,
        teams,
        apiKeys,
        quickReplies,
        automatic,
        notOurs,
        departments,
        conduct,
        namedStatuses,
        hours,
        promises,
        categories,
        rules,
        repairs,
        macros,
        contactFields,
        preferences,
      ]),
    ]),
  ]),
  // Plain `?status=new,open`: an address people can read and write.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const given = Object.entries(search as Record<string, unknown>).filter(
      ([, value]) => typeof value === 'string' && value !== '',
    )
    const text = new URLSearchParams(given as [string, string][]).toString().replaceAll('%2C', ',')
    return text ? `?${text}` : ''
  },
  defaultPendingMs: 300,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

whenSignedOut(() => {
  // Before anybody was signed in, the guard above asks where to go.
  if (!queryClient.getQueryData(meQuery.queryKey)) return
  endSignIn()
  router.navigate({ to: '/sign-in', search: { next: router.state.location.href } })
})

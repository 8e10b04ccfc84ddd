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
import { Inbox } from './inbox/Inbox.tsx'
import { isViewName, readInboxSearch } from './inbox/views.ts'
import { readMentionSearch } from './mentions/search.ts'
import { queryClient } from './query-client.ts'
import { SignedIn } from './shell/SignedIn.tsx'
import { Broken, Missing } from './shell/Trouble.tsx'
import { readTaskView, type TaskView } from './tasks/views.ts'
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
  component: lazyRouteComponent(() => import('./entrance/Setup.tsx'), 'Setup'),
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
  component: lazyRouteComponent(() => import('./entrance/SignIn.tsx'), 'SignIn'),
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
  component: lazyRouteComponent(() => import('./ticket/TicketPage.tsx'), 'TicketPage'),
})

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
  component: lazyRouteComponent(() => import('./mentions/MentionsPage.tsx'), 'MentionsPage'),
})

const imports = createRoute({
  getParentRoute: () => signedIn,
  path: '/imports',
  validateSearch: (raw: Record<string, unknown>): { readonly account?: string } =>
    typeof raw.account === 'string' && /^[\w-]{1,50}$/u.test(raw.account) ? { account: raw.account } : {},
  component: lazyRouteComponent(() => import('./imports/ImportsPage.tsx'), 'ImportsPage'),
})

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/Settings.tsx'), 'Settings'),
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
  component: lazyRouteComponent(() => import('./settings/AccountsPage.tsx'), 'AccountsPage'),
})
const accountLog = createRoute({
  getParentRoute: () => settings,
  path: 'accounts/$accountId/log',
  validateSearch: readLogSearch,
  component: lazyRouteComponent(() => import('./accounts/LogPage.tsx'), 'LogPage'),
})
const accountUnread = createRoute({
  getParentRoute: () => settings,
  path: 'accounts/$accountId/unread',
  component: lazyRouteComponent(() => import('./accounts/UnreadPage.tsx'), 'UnreadPage'),
})
const users = createRoute({
  getParentRoute: () => settings,
  path: 'users',
  component: lazyRouteComponent(() => import('./settings/UsersPage.tsx'), 'UsersPage'),
})
const brands = createRoute({
  getParentRoute: () => settings,
  path: 'brands',
  component: lazyRouteComponent(() => import('./settings/BrandsPage.tsx'), 'BrandsPage'),
})
const apiKeys = createRoute({
  getParentRoute: () => settings,
  path: 'keys',
  component: lazyRouteComponent(() => import('./settings/KeysPage.tsx'), 'KeysPage'),
})
const quickReplies = createRoute({
  getParentRoute: () => settings,
  path: 'quick-replies',
  component: lazyRouteComponent(() => import('./settings/QuickRepliesPage.tsx'), 'QuickRepliesPage'),
})
const preferences = createRoute({
  getParentRoute: () => settings,
  path: 'preferences',
  component: lazyRouteComponent(() => import('./settings/PreferencesPage.tsx'), 'PreferencesPage'),
})

const tasks = createRoute({
  getParentRoute: () => signedIn,
  path: '/tasks',
  validateSearch: (raw: Record<string, unknown>): { readonly show?: TaskView } =>
    raw.show === undefined || readTaskView(raw) === 'due' ? {} : { show: readTaskView(raw) },
  component: lazyRouteComponent(() => import('./tasks/TasksPage.tsx'), 'TasksPage'),
})
const entries = createRoute({
  getParentRoute: () => signedIn,
  path: '/entries/$accountId',
  component: lazyRouteComponent(() => import('./entries/EntryPage.tsx'), 'EntryPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    setup,
    signIn,
    signedIn.addChildren([
      inbox.addChildren([noTicket, ticket]),
      ticketLink,
      mentions,
      imports,
      tasks,
      entries,
      settings.addChildren([
        settingsHome,
        accounts,
        accountLog,
        accountUnread,
        brands,
        users,
        apiKeys,
        quickReplies,
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

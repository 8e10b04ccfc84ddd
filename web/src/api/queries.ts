/** What the desk reads, and how long it may be believed without asking again. The stream says when it changed. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { QueueQuery } from '../inbox/views.ts'
import type { TaskListQuery } from '../tasks/views.ts'
import { keys } from './keys.ts'
import { request } from './request.ts'
import type {
  Account,
  ApiKey,
  Brand,
  BrandOverview,
  Category,
  Channel,
  Colleague,
  Me,
  MessagePage,
  OtherLine,
  PreparedQuestion,
  QuickReply,
  Rule,
  SavedView,
  TaskPage,
  Team,
  TicketDetail,
  TicketFacts,
  TicketPage,
  User,
  WarrantySource,
} from './wire.ts'

const minutes = 60_000

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: ({ signal }) => request<Me>('/api/me', { signal }),
  staleTime: 5 * minutes,
})

export const setupQuery = queryOptions({
  queryKey: keys.setup,
  queryFn: ({ signal }) => request<{ needed: boolean }>('/api/setup', { signal }),
  staleTime: 0,
})

export const channelsQuery = queryOptions({
  queryKey: keys.channels,
  queryFn: async ({ signal }) => (await request<{ channels: Channel[] }>('/api/channels', { signal })).channels,
  staleTime: Number.POSITIVE_INFINITY,
})

export const brandsQuery = queryOptions({
  queryKey: keys.brands,
  queryFn: async ({ signal }) => (await request<{ brands: Brand[] }>('/api/brands', { signal })).brands,
  staleTime: 5 * minutes,
})

/** With what stands in each, archived ones too; for administrators. */
export const brandOverviewQuery = queryOptions({
  queryKey: keys.brandOverview,
  queryFn: async ({ signal }) =>
    (await request<{ brands: BrandOverview[] }>('/api/brands/overview', { signal })).brands,
  staleTime: 15_000,
})

/** Who a ticket of this brand can be given to. */
export const colleaguesQuery = (brandId: string) =>
  queryOptions({
    queryKey: keys.colleagues(brandId),
    queryFn: async ({ signal }) =>
      (
        await request<{ colleagues: Colleague[] }>(`/api/colleagues?${new URLSearchParams({ brand: brandId })}`, {
          signal,
          later: true,
        })
      ).colleagues,
    staleTime: 5 * minutes,
  })

/** What tickets are about, each behind its parent. */
export const categoriesQuery = queryOptions({
  queryKey: keys.categories,
  queryFn: async ({ signal }) =>
    (await request<{ categories: Category[] }>('/api/categories', { signal, later: true })).categories,
  staleTime: minutes,
})

export const rulesQuery = queryOptions({
  queryKey: keys.rules,
  queryFn: async ({ signal }) => (await request<{ rules: Rule[] }>('/api/rules', { signal })).rules,
  staleTime: 10_000,
})

export const warrantySourcesQuery = queryOptions({
  queryKey: keys.warrantySources,
  queryFn: async ({ signal }) =>
    (await request<{ sources: WarrantySource[] }>('/api/warranty-sources', { signal })).sources,
  staleTime: minutes,
})

export const factsQuery = (ticketId: string) =>
  queryOptions({
    queryKey: keys.facts(ticketId),
    queryFn: ({ signal }) => request<TicketFacts>(`/api/tickets/${ticketId}/facts`, { signal, later: true }),
    staleTime: minutes,
  })

export const questionQuery = (ticketId: string) =>
  queryOptions({
    queryKey: keys.question(ticketId),
    queryFn: async ({ signal }) =>
      (
        await request<{ question: PreparedQuestion | null }>(`/api/tickets/${ticketId}/question`, {
          signal,
          later: true,
        })
      ).question,
    staleTime: minutes,
  })

export const accountsQuery = queryOptions({
  queryKey: keys.accounts,
  queryFn: async ({ signal }) => (await request<{ accounts: Account[] }>('/api/accounts', { signal })).accounts,
  staleTime: minutes,
})

export const usersQuery = queryOptions({
  queryKey: keys.users,
  queryFn: async ({ signal }) => (await request<{ users: User[] }>('/api/users', { signal })).users,
  staleTime: minutes,
})

export const teamsQuery = queryOptions({
  queryKey: keys.teams,
  queryFn: async ({ signal }) => (await request<{ teams: Team[] }>('/api/teams', { signal, later: true })).teams,
  staleTime: 5 * minutes,
})

export const apiKeysQuery = queryOptions({
  queryKey: keys.apiKeys,
  queryFn: async ({ signal }) => (await request<{ keys: ApiKey[] }>('/api/keys', { signal })).keys,
  staleTime: minutes,
})

export const quickRepliesQuery = queryOptions({
  queryKey: keys.quickReplies,
  queryFn: async ({ signal }) => (await request<{ replies: QuickReply[] }>('/api/quick-replies', { signal })).replies,
  staleTime: minutes,
})

export const savedViewsQuery = queryOptions({
  queryKey: keys.savedViews,
  queryFn: async ({ signal }) => (await request<{ views: SavedView[] }>('/api/views', { signal })).views,
  staleTime: 5 * minutes,
})

/** How many conversations each of these lists has, in their order; null: that is not counted. */
export const countsQuery = (queries: readonly QueueQuery[]) =>
  queryOptions({
    queryKey: keys.count(queries),
    queryFn: async ({ signal }) => {
      const body = { queries }
      const options = { method: 'POST', body, signal } as const
      return (await request<{ counts: (number | null)[] }>('/api/tickets/counts', options)).counts
    },
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  })

/** Everybody a ticket may be given to, of all brands. */
export const allColleaguesQuery = queryOptions({
  queryKey: keys.colleagues('all'),
  queryFn: async ({ signal }) =>
    (await request<{ colleagues: Colleague[] }>('/api/colleagues', { signal, later: true })).colleagues,
  staleTime: 5 * minutes,
})

export const queueQuery = (query: QueueQuery) =>
  infiniteQueryOptions({
    queryKey: keys.queue(query),
    queryFn: ({ signal, pageParam }) => {
      const search = new URLSearchParams({ ...query, limit: '50' })
      if (pageParam) search.set('after', pageParam)
      return request<TicketPage>(`/api/tickets?${search}`, { signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 30_000,
  })

export const tasksQuery = (query: TaskListQuery) =>
  infiniteQueryOptions({
    queryKey: keys.taskList(query),
    queryFn: ({ signal, pageParam }) => {
      const search = new URLSearchParams({ ...query, limit: '50' })
      if (pageParam) search.set('after', pageParam)
      return request<TaskPage>(`/api/tasks?${search}`, { signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 15_000,
    // What was not due a minute ago may be now, and no event tells of it.
    refetchInterval: minutes,
  })

export const ticketQuery = (id: string) =>
  queryOptions({
    queryKey: keys.detail(id),
    queryFn: ({ signal }) => request<TicketDetail>(`/api/tickets/${encodeURIComponent(id)}`, { signal }),
    staleTime: 30_000,
  })

export const messagesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: keys.messages(id),
    queryFn: ({ signal, pageParam }) => {
      const search = new URLSearchParams({ limit: '50' })
      if (pageParam) search.set('before', pageParam)
      return request<MessagePage>(`/api/tickets/${encodeURIComponent(id)}/messages?${search}`, { signal })
    },
    initialPageParam: null as string | null,
    // The next page of a thread is the one before it.
    getNextPageParam: (page) => page.next,
    staleTime: 30_000,
  })

/** What others wrote under the same post, around a message. */
export const othersQuery = (ticketId: string, messageId: string) =>
  queryOptions({
    queryKey: keys.others(ticketId, messageId),
    queryFn: async ({ signal }) =>
      (await request<{ lines: OtherLine[] }>(`/api/tickets/${ticketId}/messages/${messageId}/around`, { signal }))
        .lines,
    staleTime: 30_000,
  })

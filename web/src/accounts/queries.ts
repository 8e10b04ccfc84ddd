/** What the accounts' pages read. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { AccountGlance, ChannelLogPage, UnreadPage } from '../api/wire.ts'
import type { LogSearch } from './search.ts'

export const glanceQuery = queryOptions({
  queryKey: keys.glance,
  queryFn: async ({ signal }) =>
    (await request<{ accounts: AccountGlance[] }>('/api/accounts/health', { signal })).accounts,
  staleTime: 2_000,
  // What came in without a ticket, and a poll that found nothing, no event tells of.
  refetchInterval: 15_000,
})

export const logQuery = (accountId: string, search: LogSearch) =>
  infiniteQueryOptions({
    queryKey: keys.channelLog(accountId, search),
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ ...search, limit: '50' })
      if (pageParam) query.set('after', pageParam)
      return request<ChannelLogPage>(`/api/accounts/${accountId}/log?${query}`, { signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 5_000,
  })

export const unreadQuery = (accountId: string, show: 'open' | 'discarded') =>
  infiniteQueryOptions({
    queryKey: keys.unread(accountId, show),
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ show, limit: '50' })
      if (pageParam) query.set('after', pageParam)
      return request<UnreadPage>(`/api/accounts/${accountId}/unread/items?${query}`, { signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 5_000,
  })

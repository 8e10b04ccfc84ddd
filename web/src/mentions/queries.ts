import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { serverNow } from '../api/clock.ts'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { MentionCounts, MentionPage } from '../api/wire.ts'
import { countQueryOf, listQueryOf, type MentionSearch } from './search.ts'

export const mentionsQuery = (search: MentionSearch) =>
  infiniteQueryOptions({
    queryKey: keys.mentionList(search),
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ ...listQueryOf(search, serverNow()), limit: '50' })
      if (pageParam) query.set('after', pageParam)
      return request<MentionPage>(`/api/mentions?${query}`, { signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 30_000,
  })

export const countsQuery = (search: MentionSearch, hours: string) =>
  queryOptions({
    queryKey: [...keys.mentionCounts(search), hours],
    queryFn: ({ signal }) =>
      request<MentionCounts>(`/api/mentions/counts?${new URLSearchParams({ ...countQueryOf(search), hours })}`, {
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })

import { infiniteQueryOptions } from '@tanstack/react-query'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { NoticePage } from '../api/wire.ts'
import { queryClient } from '../query-client.ts'

export const noticesQuery = infiniteQueryOptions({
  queryKey: keys.notices,
  queryFn: ({ signal, pageParam }) => {
    const search = new URLSearchParams({ limit: '30' })
    if (pageParam) search.set('after', pageParam)
    return request<NoticePage>(`/api/notices?${search}`, { signal })
  },
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  staleTime: 60_000,
})

/** Without ids: all. */
export async function markRead(ids?: readonly string[]): Promise<void> {
  try {
    await request('/api/notices/read', { method: 'POST', body: ids ? { ids } : {} })
  } finally {
    await queryClient.invalidateQueries({ queryKey: keys.notices })
  }
}

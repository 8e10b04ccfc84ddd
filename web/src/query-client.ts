/** What has been read, kept for a while. The stream says when it is old, so coming back to a window reads nothing again. */
import { QueryClient } from '@tanstack/react-query'
import { isWorthRepeating } from './api/problem.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < 3 && isWorthRepeating(error),
      refetchOnWindowFocus: false,
      gcTime: 10 * 60_000,
    },
    mutations: { retry: false },
  },
})

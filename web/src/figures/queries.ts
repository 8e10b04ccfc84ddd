import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { request } from '../api/request.ts'
import type { FigureReport } from '../api/wire.ts'

export const figuresQuery = (query: Readonly<Record<string, string>>) =>
  queryOptions({
    queryKey: ['figures', query],
    queryFn: ({ signal }) => request<FigureReport>(`/api/figures?${new URLSearchParams(query)}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })

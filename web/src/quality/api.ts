import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { ApiError } from '../api/problem.ts'
import { request } from '../api/request.ts'
import type { Mark, SamplePage, ScoreSheet } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'

export const shows = ['todo', 'done', 'mine'] as const
export type Show = (typeof shows)[number]

export const sheetQuery = queryOptions({
  queryKey: ['quality', 'sheet'],
  queryFn: async ({ signal }) => (await request<{ sheet: ScoreSheet }>('/api/quality/sheet', { signal })).sheet,
  staleTime: 60_000,
})

export const samplesQuery = (show: Show) =>
  infiniteQueryOptions({
    queryKey: ['quality', 'samples', show],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ show, ...(pageParam ? { after: pageParam } : {}) })
      return request<SamplePage>(`/api/quality/samples?${query}`, { signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 30_000,
  })

async function act<T>(path: string, method: 'POST' | 'PUT', body: unknown): Promise<T> {
  try {
    return await request<T>(`/api/quality/${path}`, { method, body })
  } finally {
    queryClient.invalidateQueries({ queryKey: ['quality'] })
  }
}

export const drawNow = () => act<{ drawn: number }>('draw', 'POST', {})
export const putSheet = (sheet: ScoreSheet) => act<{ sheet: ScoreSheet }>('sheet', 'PUT', sheet)
export const review = (
  messageId: string,
  body: { readonly sheetVersion: number; readonly marks: readonly Mark[]; readonly comment: string },
) => act<{ id: string; score: number }>(`samples/${messageId}/reviews`, 'POST', body)

const known = ['reviewed_already', 'sheet_changed', 'own_answer', 'marks_incomplete'] as const

export function qualityProblem(error: unknown, t: TFunction): string {
  const code = error instanceof ApiError ? known.find((one) => one === error.code) : undefined
  return code ? t(`quality.problem.${code}`) : problemText(error, t)
}

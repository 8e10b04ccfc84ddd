/** Incidents: what the desk reads of them, and what can be done. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { ApiError } from '../api/problem.ts'
import { request } from '../api/request.ts'
import type {
  AlikeTicket,
  AnswerPreview,
  IncidentDetail,
  IncidentPage,
  IncidentState,
  MemberPage,
  MembersChanged,
  RelatedTickets,
} from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'

export const incidentsQuery = (state: IncidentState) =>
  infiniteQueryOptions({
    queryKey: ['incidents', 'list', state],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ state, ...(pageParam ? { after: pageParam } : {}) })
      return request<IncidentPage>(`/api/incidents?${query}`, { signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 15_000,
  })

/** Looked at again and again while an answer is on its way. */
export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: ['incidents', id, 'detail'],
    queryFn: async ({ signal }) =>
      (await request<{ incident: IncidentDetail }>(`/api/incidents/${id}`, { signal })).incident,
    refetchInterval: ({ state }) => (isMoving(state.data) ? 1_000 : false),
    staleTime: 5_000,
  })

const isMoving = (incident: IncidentDetail | undefined) =>
  incident?.answers.some(({ state }) => state === 'running') ?? false

export const membersQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['incidents', id, 'members'],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams(pageParam ? { after: pageParam } : {})
      return request<MemberPage>(`/api/incidents/${id}/tickets?${query}`, { signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 15_000,
  })

export const suggestionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['incidents', id, 'suggestions'],
    queryFn: async ({ signal }) =>
      (await request<{ tickets: AlikeTicket[] }>(`/api/incidents/${id}/suggestions`, { signal })).tickets,
    staleTime: 60_000,
  })

export const relatedQuery = (ticketId: string) =>
  queryOptions({
    queryKey: ['related', ticketId],
    queryFn: ({ signal }) => request<RelatedTickets>(`/api/tickets/${ticketId}/related`, { signal }),
    staleTime: 5 * 60_000,
  })

async function act<T>(path: string, body: unknown, method: 'POST' | 'PATCH' = 'POST'): Promise<T> {
  try {
    return await request<T>(`/api/incidents${path}`, { method, body })
  } finally {
    // Also after a refusal: somebody else was quicker.
    queryClient.invalidateQueries({ queryKey: ['incidents'] })
    queryClient.invalidateQueries({
      predicate: ({ queryKey }) => queryKey[0] === 'ticket' && queryKey[2] === 'related',
    })
  }
}

type Shown = { incident: IncidentDetail }
export const createIncident = async (title: string, ticketIds: readonly string[]) =>
  (await act<Shown>('', { title, ticketIds })).incident
export const addTickets = (id: string, ticketIds: readonly string[]) =>
  act<MembersChanged>(`/${id}/tickets`, { ticketIds })
export const removeTickets = (id: string, ticketIds: readonly string[]) =>
  act<MembersChanged>(`/${id}/tickets/remove`, { ticketIds })
export const changeIncident = (
  { id, version }: IncidentDetail,
  change: { readonly title?: string; readonly state?: IncidentState },
) => act<Shown>(`/${id}`, { ...change, version }, 'PATCH')
export const addNote = (id: string, text: string) => act<Shown>(`/${id}/notes`, { text })
export const previewAnswer = (id: string, texts: { readonly zh: string; readonly en: string }) =>
  request<AnswerPreview>(`/api/incidents/${id}/preview`, { method: 'POST', body: texts })
export const startAnswer = (id: string, answer: { readonly id: string; readonly zh: string; readonly en: string }) =>
  act<Shown>(`/${id}/answers`, answer)
export const stopAnswer = (id: string, answerId: string) => act<Shown>(`/${id}/answers/${answerId}/stop`, {})
export const continueAnswer = (id: string, answerId: string) => act<Shown>(`/${id}/answers/${answerId}/continue`, {})

const known = [
  'one_brand',
  'in_other_incident',
  'answer_running',
  'answer_repeated',
  'answer_known',
  'nothing_left',
] as const

export function incidentProblem(error: unknown, t: TFunction): string {
  const code = error instanceof ApiError ? known.find((one) => one === error.code) : undefined
  return code ? t(`incident.problem.${code}`) : problemText(error, t)
}

const refusals = [
  'read_only',
  'unreachable',
  'not_replyable',
  'window_closed',
  'quota_used',
  'empty',
  'ticket_closed',
  'no_target',
  'account_gone',
  'removed',
] as const

/** Why one ticket cannot be answered. */
export function refusalWords(code: string, t: TFunction): string {
  const found = refusals.find((one) => one === code)
  if (!found) return t('incident.refusal.other')
  return found === 'ticket_closed' || found === 'no_target' || found === 'account_gone' || found === 'removed'
    ? t(`incident.refusal.${found}`)
    : t(`refusal.${found}`)
}

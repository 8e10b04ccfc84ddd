/** What several people do on one ticket: read, and done. What an answer brings is read again by everything that shows it. */
import { queryOptions } from '@tanstack/react-query'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type {
  ApprovalPage,
  Conduct,
  ConductPatch,
  Department,
  Message,
  NamedStatus,
  NewRemedy,
  Outcome,
  Remedy,
  RemedyPatch,
  Task,
  TicketResult,
} from '../api/wire.ts'
import { newKey } from '../composer/attempt.ts'
import { queryClient } from '../query-client.ts'

const minute = 60_000

export const departmentsQuery = queryOptions({
  queryKey: keys.departments,
  queryFn: async ({ signal }) =>
    (await request<{ departments: Department[] }>('/api/departments', { signal })).departments,
  staleTime: minute,
  // What was not late a minute ago may be now, and no event tells of it.
  refetchInterval: minute,
})

export const namedStatusesQuery = queryOptions({
  queryKey: keys.namedStatuses,
  queryFn: async ({ signal }) =>
    (await request<{ statuses: NamedStatus[] }>('/api/named-statuses', { signal })).statuses,
  staleTime: 5 * minute,
})

export const approvalsQuery = queryOptions({
  queryKey: keys.approvals,
  queryFn: ({ signal }) => request<ApprovalPage>('/api/approvals', { signal }),
  staleTime: 15_000,
})

export const conductQuery = (brandId: string) =>
  queryOptions({
    queryKey: keys.conduct(brandId),
    queryFn: ({ signal }) => request<Conduct>(`/api/brands/${brandId}/conduct`, { signal }),
    staleTime: minute,
  })

/** Also after a refusal: somebody else was quicker. */
async function onTicket<T>(ticketId: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } finally {
    queryClient.invalidateQueries({ queryKey: keys.ticket(ticketId) })
    queryClient.invalidateQueries({ queryKey: keys.tasks })
    queryClient.invalidateQueries({ queryKey: keys.approvals })
    queryClient.invalidateQueries({ queryKey: keys.departments })
  }
}

const post = <T>(path: string, body: object = {}, key?: string) =>
  request<T>(path, { method: 'POST', body, ...(key ? { headers: { 'idempotency-key': key } } : {}) })

/** One for each form: the same words handed in again after a lost answer are one task, one remedy. */
export { newKey }

export const askDepartment = (
  ticketId: string,
  body: { departmentId: string; text: string; dueAt: string; wait: boolean },
  key: string,
) => onTicket(ticketId, post<{ task: Task }>(`/api/tickets/${ticketId}/tasks`, body, key))

export const returnTask = (task: Task, reason: string) =>
  onTicket(task.ticket.id, post<{ task: Task }>(`/api/tasks/${task.id}/return`, { reason }))

export const escalate = (ticketId: string, body: { to?: string; team?: string; reason: string }) =>
  onTicket(ticketId, post(`/api/tickets/${ticketId}/escalation`, body))
export const endEscalation = (ticketId: string, answer: string | null) =>
  onTicket(ticketId, post(`/api/tickets/${ticketId}/escalation/end`, answer === null ? {} : { answer }))

export const addRemedy = (ticketId: string, body: NewRemedy, key: string) =>
  onTicket(ticketId, post<Remedy>(`/api/tickets/${ticketId}/remedies`, body, key))
export const changeRemedy = (remedy: Remedy, body: Omit<RemedyPatch, 'version'>) =>
  onTicket(
    remedy.ticketId,
    request<Remedy>(`/api/remedies/${remedy.id}`, { method: 'PATCH', body: { ...body, version: remedy.version } }),
  )
export const setResult = (ticketId: string, outcome: Outcome, reason: string) =>
  onTicket(ticketId, post<TicketResult>(`/api/tickets/${ticketId}/results`, { outcome, reason }))

export const approve = (ticketId: string, id: string, body: { text?: string; seenVersion?: number }) =>
  onTicket(ticketId, post<{ message: Message | null }>(`/api/approvals/${id}/approve`, body))
export const sendBack = (ticketId: string, id: string, comment: string) =>
  onTicket(ticketId, post(`/api/approvals/${id}/return`, { comment }))
export const withdraw = (ticketId: string, id: string) => onTicket(ticketId, post(`/api/approvals/${id}/withdraw`))

export const changeConduct = async (brandId: string, patch: ConductPatch) => {
  const conduct = await request<Conduct>(`/api/brands/${brandId}/conduct`, { method: 'PATCH', body: patch })
  queryClient.setQueryData(keys.conduct(brandId), conduct)
}

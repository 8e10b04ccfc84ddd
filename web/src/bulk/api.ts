/** What is asked of the server about changes of many conversations. */
import { queryOptions } from '@tanstack/react-query'
import i18next from 'i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { Bulk, Macro, NewBulk } from '../api/wire.ts'
import { flushDraft, reloadDraft } from '../composer/open-drafts.ts'
import { problemText } from '../i18n/problem-text.ts'
import type { QueueQuery } from '../inbox/views.ts'
import { queryClient } from '../query-client.ts'
import { toast } from '../ui/toast.ts'

export const isAtWork = ({ state }: Pick<Bulk, 'state'>) => state === 'running' || state === 'undoing'

/** Yours of the past day; asked each second while one is at work. */
export const bulksQuery = queryOptions({
  queryKey: keys.bulks,
  queryFn: async ({ signal }) => (await request<{ changes: Bulk[] }>('/api/bulk', { signal })).changes,
  staleTime: 30_000,
  refetchInterval: ({ state }) => (state.data?.some(isAtWork) ? 1_000 : false),
})

export const macrosQuery = queryOptions({
  queryKey: keys.macros,
  queryFn: async ({ signal }) => (await request<{ macros: Macro[] }>('/api/macros', { signal })).macros,
  staleTime: 60_000,
})

export const matchingQuery = (query: QueueQuery) =>
  queryOptions({
    queryKey: keys.matching(query),
    queryFn: ({ signal }) =>
      request<{ count: number; most: number }>('/api/tickets/bulk/count', { method: 'POST', body: { query }, signal }),
    staleTime: 10_000,
  })

/** Puts what an answer says over what is cached, and has everything read again that it may have changed. */
export function putBulk(bulk: Bulk): void {
  queryClient.setQueryData<Bulk[]>(keys.bulks, (old = []) => [bulk, ...old.filter(({ id }) => id !== bulk.id)])
  queryClient.invalidateQueries({ queryKey: keys.bulks })
  queryClient.invalidateQueries({ queryKey: keys.queues })
  queryClient.invalidateQueries({ queryKey: keys.counts })
}

export async function startBulk(
  body: NewBulk | { query: QueueQuery; acts?: NewBulk['acts']; macro?: string },
): Promise<Bulk | null> {
  try {
    const bulk = await request<Bulk>('/api/tickets/bulk', { method: 'POST', body, timeoutMs: 60_000 })
    putBulk(bulk)
    return bulk
  } catch (error) {
    toast(i18next.t('bulk.notBegun', { reason: problemText(error, i18next.t) }), { tone: 'danger' })
    return null
  }
}

export async function turnBulk(id: string, what: 'stop' | 'undo'): Promise<void> {
  try {
    putBulk(await request<Bulk>(`/api/bulk/${id}/${what}`, { method: 'POST', timeoutMs: 60_000 }))
  } catch (error) {
    toast(problemText(error, i18next.t), { tone: 'danger' })
  }
}

/** On one conversation. Its reply stands in the composer then, and is sent by nobody but you. */
export async function runMacro(macro: Macro, ticketId: string): Promise<void> {
  await flushDraft(ticketId)
  const bulk = await startBulk({ ids: [ticketId], macro: macro.id })
  if (!bulk) return
  const { t } = i18next
  queryClient.invalidateQueries({ queryKey: keys.ticket(ticketId) })
  const [problem] = bulk.problems
  if (problem) return toast(t('macro.failed', { name: macro.name, reason: codeText(problem.code) }), { tone: 'danger' })
  if (macro.acts.reply !== undefined) await reloadDraft(ticketId)
  toast(t('macro.done', { name: macro.name }), {
    action: { label: t('bulk.undo'), run: () => void turnBulk(bulk.id, 'undo') },
  })
}

/** Why a conversation was left as it is. */
export function codeText(code: string): string {
  const { t } = i18next
  switch (code) {
    case 'changed_since':
    case 'snooze_finished':
    case 'snooze_past':
    case 'assignee_unknown':
    case 'ticket_merged':
    case 'not_found':
      return t(`bulk.code.${code}`)
    default:
      return t('bulk.code.internal')
  }
}

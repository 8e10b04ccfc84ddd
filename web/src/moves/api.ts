/** Merging, dividing and linking conversations; each with its way back. */
import { queryOptions } from '@tanstack/react-query'
import i18next from 'i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { MoveDone, TicketRelations } from '../api/wire.ts'
import { flushDraft, reloadDraft } from '../composer/open-drafts.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { toast } from '../ui/toast.ts'

export const relationsQuery = (ticketId: string) =>
  queryOptions({
    queryKey: keys.relations(ticketId),
    queryFn: ({ signal }) =>
      request<TicketRelations>(`/api/tickets/${encodeURIComponent(ticketId)}/relations`, { signal, later: true }),
    staleTime: 30_000,
  })

function readAgain(...ids: readonly string[]): void {
  for (const id of ids) queryClient.invalidateQueries({ queryKey: keys.ticket(id) })
  queryClient.invalidateQueries({ queryKey: keys.queues })
  queryClient.invalidateQueries({ queryKey: keys.counts })
  queryClient.invalidateQueries({ queryKey: keys.tasks })
}

const fail = (error: unknown) => toast(problemText(error, i18next.t), { tone: 'danger' })

/** `open`: shows another conversation. */
export async function merge(from: string, into: string, open: (ticketId: string) => void): Promise<boolean> {
  try {
    await flushDraft(from)
    await flushDraft(into)
    const done = await request<MoveDone>(`/api/tickets/${from}/merge`, { method: 'POST', body: { into } })
    readAgain(from, into)
    await reloadDraft(into)
    open(into)
    toast(i18next.t('move.merged', { number: done.number }), {
      action: { label: i18next.t('ticket.undo'), run: () => void undoMove(done.moveId, [from, into], open) },
      durationMs: 20_000,
    })
    return true
  } catch (error) {
    fail(error)
    return false
  }
}

export async function split(
  from: string,
  messageIds: readonly string[],
  open: (ticketId: string) => void,
): Promise<boolean> {
  try {
    const done = await request<MoveDone>(`/api/tickets/${from}/split`, { method: 'POST', body: { messageIds } })
    readAgain(from, done.ticketId)
    open(done.ticketId)
    toast(i18next.t('move.split', { number: done.number }), {
      action: { label: i18next.t('ticket.undo'), run: () => void undoMove(done.moveId, [from, done.ticketId], open) },
      durationMs: 20_000,
    })
    return true
  } catch (error) {
    fail(error)
    return false
  }
}

export async function undoMove(
  moveId: string,
  ids: readonly string[],
  open: (ticketId: string) => void,
): Promise<void> {
  try {
    for (const id of ids) await flushDraft(id)
    const done = await request<MoveDone>(`/api/ticket-moves/${moveId}/undo`, { method: 'POST' })
    readAgain(...ids, done.ticketId)
    open(done.ticketId)
    toast(i18next.t('move.undone'))
  } catch (error) {
    fail(error)
  }
}

export async function link(ticketId: string, other: string, isLinked: boolean): Promise<void> {
  try {
    if (isLinked) await request(`/api/tickets/${ticketId}/links`, { method: 'PUT', body: { ticketId: other } })
    else await request(`/api/tickets/${ticketId}/links/${other}`, { method: 'DELETE' })
    readAgain(ticketId, other)
  } catch (error) {
    fail(error)
  }
}

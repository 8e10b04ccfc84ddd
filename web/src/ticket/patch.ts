/**
 * Changes of a ticket, shown before the server has agreed. The assumed values lie over what is cached while the request
 * is under way, so that a refusal needs no undoing: they are simply no longer there.
 */
import { useMutationState } from '@tanstack/react-query'
import i18next from 'i18next'
import { useMemo } from 'react'
import { ApiError } from '../api/problem.ts'
import { request } from '../api/request.ts'
import type { Ticket, TicketPatch } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { toast } from '../ui/toast.ts'
import { putTicket, ticketInCache } from './ticket-cache.ts'

export interface PatchRequest {
  readonly ticketId: string
  readonly patch: Omit<TicketPatch, 'version'>
  /** What the ticket will look like; for what the patch itself does not say, as an assignee's name. */
  readonly assumed?: Partial<Ticket>
  /** Refused when somebody else changed the ticket since `version`: for decisions made by looking at it. */
  readonly guarded?: boolean
  readonly version?: number
}

const key = ['patch-ticket'] as const
/** The version our own last change made: a second change right behind it must not run into the first. */
const ownVersions = new Map<string, number>()

export function patchTicket(wanted: PatchRequest): void {
  const { ticketId, guarded } = wanted
  const seen = wanted.version ?? ticketInCache(ticketId)?.version
  const mutation = queryClient.getMutationCache().build(queryClient, {
    mutationKey: key,
    // One after the other, in the order in which they were made.
    scope: { id: `ticket ${ticketId}` },
    mutationFn: ({ patch }: PatchRequest) => {
      const version = guarded && seen !== undefined ? { version: Math.max(seen, ownVersions.get(ticketId) ?? 0) } : {}
      return request<Ticket>(`/api/tickets/${ticketId}`, { method: 'PATCH', body: { ...patch, ...version } })
    },
    onSuccess: (ticket) => {
      ownVersions.set(ticketId, ticket.version)
      putTicket(ticket)
    },
    onError: (error) => tellFailure(error, wanted),
  })
  // The failure was told by `onError`.
  mutation.execute(wanted).catch(() => {})
}

function tellFailure(error: unknown, wanted: PatchRequest): void {
  const { t } = i18next
  if (!(error instanceof ApiError) || error.code !== 'version_conflict') {
    toast(t('ticket.changeFailed', { reason: problemText(error, t) }), { tone: 'danger' })
    return
  }
  const now = error.details.ticket as Ticket | undefined
  if (now) putTicket(now)
  const taken = wanted.patch.assignee !== undefined && now?.assignee
  const words = taken
    ? t('ticket.tookOver', { name: taken.name })
    : t('ticket.changed', { name: now?.contact.name ?? '' })
  toast(words, {
    tone: 'danger',
    action: { label: t('ticket.changeAnyway'), run: () => patchTicket({ ...wanted, guarded: false }) },
  })
}

/** Changes under way, oldest first. */
export function usePendingPatches(): readonly PatchRequest[] {
  return useMutationState({
    filters: { mutationKey: key, status: 'pending' },
    select: (mutation) => mutation.state.variables as PatchRequest,
  })
}

/** The ticket as it will be when all that is under way succeeds. */
export function assume<T extends Ticket>(ticket: T, patches: readonly PatchRequest[]): T {
  let assumed = ticket
  for (const { ticketId, patch, assumed: more } of patches) {
    if (ticketId !== ticket.id) continue
    const { assignee, ...plain } = patch
    const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined))
    assumed = { ...assumed, ...given, ...(assignee === null ? { assignee: null } : {}), ...more }
  }
  return assumed
}

export function useAssumed<T extends Ticket>(ticket: T): T {
  const patches = usePendingPatches()
  return useMemo(() => assume(ticket, patches), [ticket, patches])
}

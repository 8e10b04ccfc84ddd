import { queryOptions } from '@tanstack/react-query'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { AutomaticAccount, AutomaticKind, CustomerSide, OtherParty } from '../api/wire.ts'

/** In the order of a ticket's life. */
export const kinds = [
  'acknowledgement',
  'acknowledgement_closed',
  'facts',
  'progress',
  'lookup',
  'solved',
  'satisfaction',
  'follow_up',
  'proof',
] as const satisfies readonly AutomaticKind[]

export const automaticQuery = (accountId: string) =>
  queryOptions({
    queryKey: ['automatic', accountId] as const,
    queryFn: ({ signal }) => request<AutomaticAccount>(`/api/accounts/${accountId}/automatic`, { signal }),
    staleTime: 60_000,
  })

export const otherPartiesQuery = queryOptions({
  queryKey: ['other-parties'] as const,
  queryFn: async ({ signal }) => (await request<{ parties: OtherParty[] }>('/api/other-parties', { signal })).parties,
  staleTime: 60_000,
})

/** Under the ticket's own key: whatever changes the ticket, this is read again. */
export const customerSideQuery = (ticketId: string) =>
  queryOptions({
    queryKey: keys.customerSide(ticketId),
    queryFn: ({ signal }) => request<CustomerSide>(`/api/tickets/${ticketId}/customer`, { signal, later: true }),
    staleTime: 30_000,
  })

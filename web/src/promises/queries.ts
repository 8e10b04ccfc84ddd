import { queryOptions } from '@tanstack/react-query'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { Agent, Policy, WorkCalendar } from '../api/wire.ts'

const minutes = 60_000

export const calendarsQuery = queryOptions({
  queryKey: keys.calendars,
  queryFn: async ({ signal }) => (await request<{ calendars: WorkCalendar[] }>('/api/calendars', { signal })).calendars,
  staleTime: minutes,
})

export const policiesQuery = queryOptions({
  queryKey: keys.policies,
  queryFn: async ({ signal }) => (await request<{ policies: Policy[] }>('/api/policies', { signal })).policies,
  staleTime: minutes,
})

export const agentsQuery = queryOptions({
  queryKey: keys.agents,
  queryFn: async ({ signal }) => (await request<{ agents: Agent[] }>('/api/agents', { signal })).agents,
  staleTime: 30_000,
  // Nothing tells of somebody whose desk is just not open any more.
  refetchInterval: minutes,
})

/** Keeps what is cached true: reads the stream and asks again for what changed. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { keys } from '../api/keys.ts'
import { meQuery } from '../api/queries.ts'
import type { StreamEvent } from '../api/wire.ts'
import { applyPresence, presenceNow } from '../presence/store.ts'
import { changesOf } from './changes.ts'
import { customerIsSilent, customerTypes } from './customer-typing.ts'
import { heard, setLead } from './lead.ts'
import { createRefresher, type Refresher } from './refresher.ts'
import { openSharedSource } from './shared-source.ts'
import type { StreamState } from './source.ts'

/**
 * Lists are long and change with every message of everybody; figures are looked at now and then, and count every view.
 * One ticket is short and what the agent looks at.
 */
const gaps: { readonly [key: string]: number } = {
  // With the time of the question itself, what comes in is seen within a second.
  queue: 750,
  mentions: 1_200,
  counts: 4_000,
  'account-glance': 2_000,
  notices: 1_200,
  agents: 2_000,
}
const ticketGapMs = 250

export function useLive(person: string): StreamState {
  const client = useQueryClient()
  const [state, setState] = useState<StreamState>('connecting')

  useEffect(() => {
    const refreshers = new Map<string, Refresher>()
    const refetch = (queryKey: readonly unknown[]) => {
      const id = JSON.stringify(queryKey)
      let refresher = refreshers.get(id)
      if (!refresher) {
        const gapMs = gaps[String(queryKey[0])] ?? ticketGapMs
        refresher = createRefresher(() => client.refetchQueries({ queryKey, type: 'active' }), gapMs)
        refreshers.set(id, refresher)
      }
      // What is not on the screen is read again when it is next shown.
      client.invalidateQueries({ queryKey, refetchType: 'none' })
      if (client.getQueryCache().findAll({ queryKey, type: 'active' }).length > 0) refresher.ask()
    }
    const refetchAll = () => {
      client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' && query.queryKey[0] !== 'setup' })
    }
    const onEvent = (event: StreamEvent) => {
      if (event.type === 'typing' && event.ticketId) return customerTypes(event.ticketId)
      if (event.type === 'message' && event.ticketId) customerIsSilent(event.ticketId)
      heard(event.type)
      const changes = changesOf([event])
      if (changes.all) return refetchAll()
      if (changes.queues) {
        refetch(keys.queues)
        refetch(keys.counts)
      }
      if (changes.accounts) refetch(keys.accounts)
      if (changes.accounts || changes.queues) refetch(keys.glance)
      if (changes.mentions) refetch(keys.mentions)
      if (changes.tasks) {
        refetch(keys.tasks)
        refetch(keys.departments)
      }
      if (changes.notices) {
        refetch(keys.notices)
        refetch(keys.approvals)
      }
      if (changes.agents) refetch(keys.agents)
      for (const id of changes.details) {
        refetch(keys.detail(id))
        refetch(keys.acts(id))
        refetch(keys.relations(id))
      }
      // The person is shown beside their ticket alone.
      const isShown = (id: string) =>
        client.getQueryCache().findAll({ queryKey: keys.detail(id), type: 'active' }).length > 0
      if ([...changes.details].some(isShown)) refetch(['contact'])
      for (const id of changes.messages) refetch(keys.messages(id))
    }
    // A 401 here leads to the sign-in page; any other failure is shown by the state of the stream.
    const askWho = () => void client.fetchQuery({ ...meQuery, staleTime: 0 }).catch(() => {})
    // A page that comes back from the browser's back-forward cache was deaf meanwhile.
    const onShow = (event: PageTransitionEvent) => event.persisted && refetchAll()
    const source = openSharedSource({
      person,
      onEvent,
      onPresence: applyPresence,
      presenceNow,
      onState: setState,
      onRefused: askWho,
      onLead: setLead,
    })
    window.addEventListener('pageshow', onShow)
    return () => {
      source.close()
      window.removeEventListener('pageshow', onShow)
      for (const refresher of refreshers.values()) refresher.stop()
    }
  }, [client, person])

  return state
}

/** Keeps what is cached true: reads the stream and asks again for what changed. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { keys } from '../api/keys.ts'
import { meQuery } from '../api/queries.ts'
import type { StreamEvent } from '../api/wire.ts'
import { applyPresence, presenceNow } from '../presence/store.ts'
import { changesOf } from './changes.ts'
import { createRefresher, type Refresher } from './refresher.ts'
import { openSharedSource } from './shared-source.ts'
import type { StreamState } from './source.ts'

/** Queues are long and change with every message of everybody; one ticket is short and what the agent looks at. */
const queueGapMs = 1_200
const ticketGapMs = 250
/** Figures are looked at now and then, and count every view. */
const countsGapMs = 4_000

export function useLive(person: string): StreamState {
  const client = useQueryClient()
  const [state, setState] = useState<StreamState>('connecting')

  useEffect(() => {
    const refreshers = new Map<string, Refresher>()
    const refetch = (queryKey: readonly unknown[]) => {
      const id = JSON.stringify(queryKey)
      let refresher = refreshers.get(id)
      if (!refresher) {
        const gapMs = queryKey[0] === 'queue' ? queueGapMs : queryKey[0] === 'counts' ? countsGapMs : ticketGapMs
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
      const changes = changesOf([event])
      if (changes.all) return refetchAll()
      if (changes.queues) {
        refetch(keys.queues)
        refetch(keys.counts)
      }
      if (changes.accounts) refetch(keys.accounts)
      for (const id of changes.details) refetch(keys.detail(id))
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

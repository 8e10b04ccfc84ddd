/**
 * One stream per browser, not per tab: over HTTP/1.1 a browser opens six connections to a host, and the seventh tab
 * would wait for ever. The tab that holds the lock reads the stream and tells the others.
 *
 * Web Locks exist in secure contexts only (https or localhost); elsewhere each tab reads for itself.
 */
import type { PresenceEvent, StreamEvent } from '../api/wire.ts'
import { openSource, type Source, type StreamState } from './source.ts'

type Told =
  | { readonly event: StreamEvent }
  | { readonly presence: PresenceEvent }
  | { readonly state: StreamState }
  | { readonly ask: true }

export interface SharedSourceOptions {
  /** Tabs of one person share; another person's tabs do not. */
  readonly person: string
  readonly onEvent: (event: StreamEvent) => void
  readonly onPresence: (event: PresenceEvent) => void
  /** All that is known of people, for a tab that comes later. */
  readonly presenceNow: () => PresenceEvent
  readonly onState: (state: StreamState) => void
  readonly onRefused: () => void
  /** This tab reads the stream for all, or no longer. */
  readonly onLead: (leads: boolean) => void
}

export function openSharedSource({
  person,
  onEvent,
  onPresence,
  presenceNow,
  onState,
  onRefused,
  onLead,
}: SharedSourceOptions): Source {
  if (!navigator.locks || typeof BroadcastChannel === 'undefined') {
    onLead(true)
    return openSource({ after: null, onEvent, onPresence, onState, onRefused })
  }

  const name = `huixin.stream.${person}`
  const channel = new BroadcastChannel(name)
  const over = new AbortController()
  let lastId: string | null = null
  let state: StreamState = 'connecting'
  let leading = false
  const tell = (told: Told) => channel.postMessage(told)

  function setState(next: StreamState) {
    state = next
    onState(next)
    if (leading) tell({ state: next })
  }

  channel.onmessage = ({ data }: MessageEvent<Told>) => {
    if ('event' in data) {
      lastId = data.event.id || lastId
      onEvent(data.event)
    } else if ('state' in data) {
      if (!leading) setState(data.state)
    } else if ('presence' in data) {
      if (!leading) onPresence(data.presence)
    } else if (leading) {
      tell({ state })
      tell({ presence: presenceNow() })
    }
  }
  tell({ ask: true })

  navigator.locks
    .request(name, { signal: over.signal }, async () => {
      leading = true
      onLead(true)
      const source = openSource({
        after: lastId,
        onEvent: (event) => {
          lastId = event.id || lastId
          tell({ event })
          onEvent(event)
        },
        onPresence: (presence) => {
          tell({ presence })
          onPresence(presence)
        },
        onState: setState,
        onRefused,
      })
      await new Promise<void>((resolve) => over.signal.addEventListener('abort', () => resolve(), { once: true }))
      onLead(false)
      source.close()
    })
    .catch((error: unknown) => {
      // Closing the desk while waiting for the lock ends the wait with this; anything else is a bug.
      if (!over.signal.aborted) throw error
    })

  return {
    close() {
      over.abort()
      channel.close()
    },
  }
}

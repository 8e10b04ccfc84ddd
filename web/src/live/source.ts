/**
 * One EventSource that comes back by itself. The browser resumes with `Last-Event-ID` after a broken connection, but
 * gives up for good on any answer that is not 200 (a 503 while the server restarts); then we open a new one, from the
 * last id we saw.
 */
import type { PresenceEvent, StreamEvent } from '../api/wire.ts'
import { readEvent, readPresence } from './changes.ts'

export type StreamState = 'connecting' | 'live' | 'broken'

export interface Source {
  close(): void
}

/** The compiler asks for a line here for every type there is. */
const heard: { readonly [type in StreamEvent['type']]: true } = {
  ticket: true,
  message: true,
  delivery: true,
  media: true,
  task: true,
  account: true,
  mention: true,
  notice: true,
  agent: true,
  reset: true,
  typing: true,
}

export function openSource(options: {
  /** Resume behind this event; null: from now on. */
  readonly after: string | null
  readonly onEvent: (event: StreamEvent) => void
  readonly onPresence: (event: PresenceEvent) => void
  readonly onState: (state: StreamState) => void
  /** The server refused the stream; the browser does not say why. It may be that nobody is signed in any more. */
  readonly onRefused: () => void
}): Source {
  let after = options.after
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  let failures = 0
  let closed = false

  function open() {
    timer = null
    options.onState(failures === 0 ? 'connecting' : 'broken')
    const opened = new EventSource(after === null ? '/api/events' : `/api/events?${new URLSearchParams({ after })}`)
    source = opened
    opened.onopen = () => {
      failures = 0
      options.onState('live')
      // What is told of people is not repeated: it begins anew with each connection.
      options.onPresence({ type: 'presence', all: true, tickets: [] })
      // Without a position the stream starts now; what was read before that may have changed in between.
      if (after === null) options.onEvent({ id: '', type: 'reset', ticketId: null, version: null })
    }
    opened.onerror = () => {
      options.onState('broken')
      if (opened.readyState !== EventSource.CLOSED) return
      failures += 1
      options.onRefused()
      const wait = Math.min(30_000, 500 * 2 ** failures)
      // Spread out: all desks lose their stream in the same moment when a server restarts.
      if (!closed) timer = setTimeout(open, wait * (0.5 + Math.random()))
    }
    const receive = (message: MessageEvent<string>) => {
      const event = readEvent(message.data)
      if (!event) return
      after = event.id || after
      options.onEvent(event)
    }
    for (const type of Object.keys(heard)) opened.addEventListener(type, receive)
    opened.addEventListener('presence', ({ data }: MessageEvent<string>) => {
      const event = readPresence(data)
      if (event) options.onPresence(event)
    })
  }

  open()
  return {
    close() {
      closed = true
      source?.close()
      if (timer !== null) clearTimeout(timer)
    },
  }
}

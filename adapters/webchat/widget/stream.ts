/** The stream of the conversation: opened, and opened again whenever it breaks, from where it stood. */
import type { Line } from '../wire.ts'
import { call, pause, Refused } from './call.ts'

export interface StreamEvents {
  line(line: Line): void
  /** What was there has come. */
  ready(): void
  typing(): void
  connected(is: boolean): void
  /** The token is not taken (any more). Resolves when there may be another one. */
  refused(): Promise<void>
}

/** Without a sign of life for so long the connection is dead; the door gives one each 15 s. */
const silenceMs = 40_000
/** Lines may be stored a little out of the order of their times: whoever comes back asks from a minute earlier. */
const overlapMs = 60_000

export function openStream(events: StreamEvents) {
  let over = new AbortController()
  const seen: { id: string; at: number }[] = []

  function after(): string | null {
    const newest = Math.max(...seen.map(({ at }) => at))
    const old = seen.filter(({ at }) => at < newest - overlapMs)
    return old.reduce<(typeof seen)[number] | null>((a, b) => (a && a.at > b.at ? a : b), null)?.id ?? null
  }

  function take(frame: string): void {
    const event = /^event: (.*)$/m.exec(frame)?.[1]
    const data = /^data: (.*)$/m.exec(frame)?.[1]
    if (event === 'ready') return events.ready()
    if (event === 'typing') return events.typing()
    if (event !== 'line' || !data) return
    const line = JSON.parse(data) as Line
    if (seen.some(({ id }) => id === line.id)) return
    seen.push({ id: line.id, at: Date.parse(line.at) })
    events.line(line)
  }

  async function listen(signal: AbortSignal, heard: () => void): Promise<void> {
    const from = after()
    const answer = await call(from === null ? 'stream' : `stream?after=${from}`, { signal })
    events.connected(true)
    heard()
    const reader = answer.body!.getReader()
    const decoder = new TextDecoder()
    let text = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      heard()
      text += decoder.decode(value, { stream: true })
      const frames = text.split('\n\n')
      text = frames.pop() ?? ''
      for (const frame of frames) take(frame)
    }
  }

  async function run(mine: AbortController): Promise<void> {
    let tries = 0
    while (!mine.signal.aborted) {
      const once = new AbortController()
      const stop = () => once.abort()
      mine.signal.addEventListener('abort', stop)
      let timer = setTimeout(stop, silenceMs)
      const heard = () => {
        tries = 0
        clearTimeout(timer)
        timer = setTimeout(stop, silenceMs)
      }
      let waitMs = 0
      try {
        await listen(once.signal, heard)
      } catch (error) {
        if (error instanceof Refused) {
          if (error.status === 401 || error.status === 403) await events.refused()
          waitMs = error.waitMs ?? 0
        }
      }
      clearTimeout(timer)
      mine.signal.removeEventListener('abort', stop)
      if (mine.signal.aborted) return
      events.connected(false)
      await pause(tries, waitMs)
      tries += 1
    }
  }
  addEventListener('offline', () => events.connected(false))

  return {
    start() {
      over.abort()
      over = new AbortController()
      void run(over)
    },
    /** Another visitor from now on. */
    forget() {
      over.abort()
      seen.length = 0
    },
  }
}

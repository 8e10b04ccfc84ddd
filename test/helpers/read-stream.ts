import { request } from 'node:http'
import type { StreamEvent } from '../../src/wire.ts'

export interface StreamReader {
  /** Events in the order they came. */
  readonly events: StreamEvent[]
  /** How many arrived together, per chunk of the network. */
  readonly chunks: number[]
  /** All that was received. */
  text(): string
  /** What a browser would send as `Last-Event-ID`. */
  lastId(): string | null
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  isOver(): boolean
  pause(): void
  resume(): void
  close(): void
}

/** A client of `GET /api/events` that reads as a browser does, on a socket of its own. */
export async function readStream(url: string, headers: Record<string, string> = {}): Promise<StreamReader> {
  const call = request(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false })
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    call.once('response', resolve).once('error', reject).end()
  })
  const events: StreamEvent[] = []
  const chunks: number[] = []
  let [text, rest, lastId, over] = ['', '', null as string | null, false]
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    text += chunk
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop()!
    let count = 0
    for (const block of blocks) {
      const lines = block.split('\n')
      const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
      lastId = field('id') ?? lastId
      const data = field('data')
      if (data === undefined) continue
      const event = JSON.parse(data) as StreamEvent
      if (event.type !== field('event') || event.id !== field('id'))
        throw new Error(`a frame contradicts itself: ${block}`)
      events.push(event)
      count += 1
    }
    chunks.push(count)
  })
  response.once('close', () => {
    over = true
  })
  response.on('error', () => {})
  call.on('error', () => {})
  return {
    events,
    chunks,
    text: () => text,
    lastId: () => lastId,
    status: response.statusCode!,
    headers: response.headers,
    isOver: () => over,
    pause: () => void response.socket.pause(),
    resume: () => void response.socket.resume(),
    close: () => void call.destroy(),
  }
}

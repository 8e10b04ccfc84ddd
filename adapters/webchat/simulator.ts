/**
 * The visitors' side, for the demo and tests: programs that speak what the widget speaks. They send until they are heard,
 * come back when their stream breaks, and take nothing twice.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { readFrames } from './simulator/read-frames.ts'
import type { Line, LineFile, Session } from './wire.ts'

export interface VisitorOptions {
  /** The account's door. */
  readonly door: string
  /** Left out: over the network. */
  readonly reach?: (request: Request) => Promise<Response>
  /** Left out: a stranger, who gets a token. */
  readonly token?: string
  readonly language?: 'zh-CN' | 'en'
  /** Ends it. */
  readonly signal?: AbortSignal
  /** Between two tries. Default 300 ms. */
  readonly pauseMs?: number
}

export interface Visitor {
  /** Resolves when it was taken. */
  says(text: string): Promise<void>
  sends(bytes: Uint8Array, name: string): Promise<void>
  types(): Promise<void>
  /** Both sides, in the order they came. */
  lines(): readonly Line[]
  /** What an agent's lines brought; files were fetched. */
  heard(): readonly { readonly text: string; readonly files: number }[]
  onAgent(fn: (line: Line) => void): void
  close(): Promise<void>
}

export async function createVisitor(options: VisitorOptions): Promise<Visitor> {
  const { door, reach = (request) => fetch(request), language = 'zh-CN', pauseMs = 300 } = options
  const over = new AbortController()
  const ends = options.signal ? AbortSignal.any([options.signal, over.signal]) : over.signal
  const lines: Line[] = []
  const heard: { text: string; files: number }[] = []
  const listeners: ((line: Line) => void)[] = []
  let token = options.token ?? null

  /** Until it is taken: a server that is away or busy is asked again. */
  async function call(path: string, init: RequestInit): Promise<Response> {
    for (;;) {
      ends.throwIfAborted()
      const headers = {
        ...(init.headers as Record<string, string>),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      }
      const answer = await reach(new Request(`${door}/${path}`, { ...init, headers, signal: ends })).catch(() => null)
      if (answer?.ok) return answer
      if (answer && answer.status < 500 && answer.status !== 429) throw new Error(`${path}: ${answer.status}`)
      await pause(pauseMs, undefined, { signal: ends })
    }
  }
  const post = (path: string, body: unknown) =>
    call(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

  const session = (await (await post('session', {})).json()) as Session
  token ??= session.token

  async function listen(): Promise<void> {
    while (!ends.aborted) {
      try {
        // A minute back: lines may be stored a little out of their order.
        const from = lines.findLast(({ at }) => Date.parse(at) < Date.parse(lines.at(-1)!.at) - 60_000)
        const answer = await call(`stream${from ? `?after=${from.id}` : ''}`, { method: 'GET' })
        for await (const { event, data } of readFrames(answer.body!)) if (event === 'line') await take(data as Line)
      } catch (error) {
        if (!ends.aborted && error instanceof Error && /: 4\d\d$/u.test(error.message)) throw error
      }
      await pause(pauseMs, undefined, { signal: ends }).catch(() => {})
    }
  }

  async function take(line: Line): Promise<void> {
    if (lines.some(({ id }) => id === line.id)) return
    lines.push(line)
    if (line.side !== 'agent') return
    const files = await Promise.all(line.files.map(fetchFile))
    await post('receipts', { status: 'delivered', lines: [{ id: line.id, code: line.code }] })
    heard.push({ text: line.text, files: files.filter((bytes) => bytes > 0).length })
    for (const listener of listeners) listener(line)
  }

  async function fetchFile({ id }: LineFile): Promise<number> {
    const answer = await call(`files/${id}`, { method: 'GET' })
    return (await answer.arrayBuffer()).byteLength
  }

  const listening = listen()
  listening.catch(() => {})
  return {
    async says(text) {
      await post('messages', { id: randomUUID(), text, language })
    },
    async sends(bytes, name) {
      const query = new URLSearchParams({ id: randomUUID(), name, language })
      const headers = { 'content-type': 'application/octet-stream' }
      await call(`files?${query}`, { method: 'POST', headers, body: new Uint8Array(bytes) })
    },
    async types() {
      await post('typing', {})
    },
    lines: () => lines,
    heard: () => heard,
    onAgent: (fn) => void listeners.push(fn),
    async close() {
      over.abort()
      await listening.catch((error: unknown) => {
        if (!ends.aborted) throw error
      })
    },
  }
}

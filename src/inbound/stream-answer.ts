/** Answers of the webhook that go on: handed to the caller piece by piece, until one of the two has enough. */
import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyReply } from 'fastify'
import { keepOpen, writeTo } from '../live/socket.ts'
import { Refused, unavailable } from '../problem.ts'

export interface StreamLimits {
  /** Open at once on this node. Default 5,000: a node has descriptors for that many and its own work. */
  readonly all?: number
  /** Open at once from one address. Default 200: an office or a mobile network shares one. */
  readonly perAddress?: number
  /** A caller that takes nothing for so long is cut off. Default 15,000. */
  readonly stallMs?: number
}

export interface StreamAnswers {
  /** Throws 429 or 503 when there are too many. Call what it returns when the answer is over. */
  enter(address: string): () => void
  /** Takes the answer over; resolves at once, and calls `leave` when it is over. */
  begin(reply: FastifyReply, response: Response, signal: AbortSignal, leave: () => void): void
  /** Resolves when the last one is over. */
  idle(): Promise<unknown>
}

export function createStreamAnswers({ all = 5_000, perAddress = 200, stallMs = 15_000 }: StreamLimits): StreamAnswers {
  const open = new Map<string, number>()
  const running = new Set<Promise<void>>()
  let count = 0

  return {
    enter(address) {
      if (count >= all) throw unavailable('too_many_streams', 'Too many open streams. Try again soon.')
      const mine = open.get(address) ?? 0
      if (mine >= perAddress) {
        throw new Refused(429, 'too_many_streams', 'Too many open streams.', { retryAfterSeconds: 30 })
      }
      count += 1
      open.set(address, mine + 1)
      let left = false
      return () => {
        if (left) return
        left = true
        count -= 1
        const rest = (open.get(address) ?? 1) - 1
        if (rest > 0) open.set(address, rest)
        else open.delete(address)
      }
    },
    begin(reply, response, signal, leave) {
      const { log } = reply.request
      const stream = hand(reply, response, signal, stallMs)
        // The answer has begun: there is nobody left to tell but the log.
        .catch((error: unknown) => log.error({ err: error }, 'webhook: an answer that goes on broke'))
        .finally(() => {
          running.delete(stream)
          leave()
        })
      running.add(stream)
    },
    idle: () => Promise.allSettled(running),
  }
}

async function hand(reply: FastifyReply, response: Response, signal: AbortSignal, stallMs: number): Promise<void> {
  reply.hijack()
  const { raw } = reply
  const reader = response.body!.getReader()
  // A read that waits ends as well.
  const over = () => void reader.cancel().catch(() => {})
  signal.addEventListener('abort', over, { once: true })
  if (signal.aborted) over()
  let whole = false
  try {
    keepOpen(raw)
    raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders)
    raw.flushHeaders()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      if (!(await writeTo(raw, value, stallMs, signal))) return
    }
    whole = true
  } finally {
    signal.removeEventListener('abort', over)
    over()
    finish(raw, whole)
  }
}

/** What broke in the middle must not look complete; a caller that does not take the end is cut off. */
function finish(raw: FastifyReply['raw'], whole: boolean): void {
  if (raw.destroyed || raw.writableEnded) return
  if (!whole) return void raw.destroy()
  const cut = setTimeout(() => raw.destroy(), 1_000)
  raw.once('close', () => clearTimeout(cut))
  raw.end()
}

/** `fetch` with limits: of time, of size, of where it may go. Knows nothing of accounts. */
import { Agent, buildConnector, fetch as undiciFetch } from 'undici'
import { NoAnswer, ReadError } from '../channel/errors.ts'
import type { FetchOptions } from '../channel/tools.ts'
import { cappedBody, tooLarge } from './capped-body.ts'
import { isText, prepareRequest } from './fetch-request.ts'
import { type GuardOptions, guardedConnector, Inward } from './guard.ts'

/** How one exchange went, told once when it is over, its body included. */
export interface FetchReport {
  readonly method: string
  readonly url: string
  readonly request: string | null
  readonly status: number | null
  readonly response: string | null
  readonly durationMs: number
  readonly error: unknown
}

export interface SafeFetch {
  fetch(url: string | URL, options: FetchOptions, report: (exchange: FetchReport) => void): Promise<Response>
  close(): Promise<void>
}

/** Shorter than the time of a call: a connection that does not come up is then known not to have carried anything. */
const connectTimeoutMs = 4000
const defaultTimeoutMs = 8000
const defaultMaxBytes = 1024 * 1024

export function createSafeFetch(guard: Partial<GuardOptions> = {}): SafeFetch {
  const failedToConnect = new WeakSet<Error>()
  const noting =
    (connect: buildConnector.connector): buildConnector.connector =>
    (target, callback) =>
      connect(target, (...result) => {
        if (result[0]) failedToConnect.add(result[0])
        callback(...result)
      })
  // Never one pool for both: a socket that trust opened inward must not be there for an address from a message.
  const limits = { headersTimeout: 0, bodyTimeout: 0 }
  const agents = {
    settings: new Agent({ ...limits, connect: noting(buildConnector({ timeout: connectTimeoutMs, allowH2: false })) }),
    payload: new Agent({ ...limits, connect: noting(guardedConnector({ timeoutMs: connectTimeoutMs, ...guard })) }),
  }

  return {
    async fetch(
      input,
      { timeoutMs = defaultTimeoutMs, maxBytes = defaultMaxBytes, trust = 'payload', signal, ...init },
      report,
    ) {
      const url = parseUrl(input)
      const request = await prepareRequest(init)
      const startedAt = performance.now()
      let status: number | null = null
      const over = (response: string | null, error: unknown) => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        report({
          method: request.method,
          url: url.href,
          request: request.text,
          status,
          response,
          durationMs: Math.round(performance.now() - startedAt),
          error,
        })
      }

      const stop = new AbortController()
      const timer = setTimeout(() => stop.abort(new NoAnswer('timeout', true, null)), timeoutMs)
      const onAbort = () => stop.abort(new NoAnswer('aborted', true, null))
      signal?.addEventListener('abort', onAbort)

      try {
        if (signal?.aborted) throw new NoAnswer('aborted', false, null)
        const { method, headers, body } = request
        const answer = await undiciFetch(url, {
          method,
          headers: [...headers],
          body,
          redirect: 'manual',
          signal: stop.signal,
          dispatcher: agents[trust],
        })
        status = answer.status
        const announced = answer.headers.has('content-encoding') ? 0 : Number(answer.headers.get('content-length') ?? 0)
        if (announced > maxBytes && method !== 'HEAD') {
          await answer.body?.cancel()
          throw tooLarge()
        }
        const content = answer.body && {
          stream: answer.body as ReadableStream<Uint8Array>,
          type: answer.headers.get('content-type'),
        }
        const responseBody = content
          ? cappedBody(content.stream, {
              maxBytes,
              signal: stop.signal,
              failed: (error) => explain(error, stop.signal, failedToConnect),
              over: (seen, bytes, error) =>
                over(isText(content.type) ? seen : `[${content.type}, ${bytes} bytes]`, error),
            })
          : null
        // Our own class of the runtime: undici's Response is not an `instanceof` it.
        const response = new Response(responseBody, {
          status: answer.status,
          statusText: answer.statusText,
          headers: [...answer.headers],
        })
        if (!content) over(null, null)
        return response
      } catch (error) {
        const explained = explain(error, stop.signal, failedToConnect)
        over(null, explained)
        stop.abort(explained) // Gives the socket back when an answer came that is not used.
        throw explained
      }
    },
    async close() {
      await Promise.all([agents.settings.destroy(), agents.payload.destroy()])
    },
  }
}

function parseUrl(input: string | URL): URL {
  // Errors of the platform's own parser quote the address, and addresses hold tokens.
  const url = URL.parse(String(input))
  if (!url || !/^https?:$/u.test(url.protocol) || url.username || url.password) {
    throw new ReadError('gone', { text: { en: 'This is no web address.', zh: '这不是有效的网址。' } })
  }
  return url
}

/** What is known, and no more: only a connection that never stood carried certainly nothing. */
function explain(error: unknown, signal: AbortSignal, failedToConnect: WeakSet<Error>): Error {
  if (error instanceof NoAnswer || error instanceof ReadError) return error
  let code: string | null = null
  let deepest: unknown = error
  for (let at = error; at instanceof Error; at = at.cause) {
    deepest = at
    if ('code' in at && typeof at.code === 'string') code = at.code
    if (at instanceof Inward) {
      return new ReadError('gone', {
        text: { en: 'The address is not on the public internet.', zh: '该地址不在公网上。' },
        cause: at,
      })
    }
    // The fetch standard names ports (1, 9, 25, 6000 …) nobody is to be called on: refused before anything leaves.
    if (at.message === 'bad port') return new NoAnswer('unreachable', false, code, at)
    if (failedToConnect.has(at)) return new NoAnswer('unreachable', false, code, at)
  }
  if (signal.aborted && signal.reason instanceof Error) return signal.reason
  return new NoAnswer('broken', true, code, deepest)
}

/**
 * Calls of X through twitter-api-v2, which signs them and writes bodies. The time-out, the address, what is known about a
 * failed call, and clean errors are ours: the library waits for ever, and its errors hold the keys.
 */
import { type ITwitterApiClientPlugin, TwitterApi, type TwitterApiTokens } from 'twitter-api-v2'
import type { Exchange, Tools } from '#channel/tools.ts'
import { capabilities } from './capabilities.ts'
import { ApiFailure, failureOf } from './failure.ts'
import { type Limits, limitsOf } from './limits.ts'
import { defaultApiRoot, type Settings } from './settings.ts'
import { watchedAgent } from './watched-agent.ts'

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `/2/tweets`, or an address at X. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
  readonly form?: 'json' | 'url' | 'form-data'
  /** Default: a short call's. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Written to the channel log in place of the body. */
  readonly request?: unknown
  /** Written to the channel log in place of the answer. */
  readonly summary?: (data: unknown) => unknown
  /** The answer's bytes, whatever they are. */
  readonly bytes?: boolean
}

export interface Answer {
  readonly data: unknown
  readonly limits: Limits | null
  readonly contentType: string | null
}

/** Who calls: a bearer token, the four keys, or the client that refreshes. */
export type Caller = string | TwitterApiTokens | { clientId: string; clientSecret?: string }

/** Rejects with {@link ApiFailure} and nothing else. */
export async function callX(
  tools: Tools,
  { apiRoot }: Pick<Settings, 'apiRoot'>,
  caller: Caller,
  call: Call,
): Promise<Answer> {
  const address = call.path.startsWith('/') ? `${defaultApiRoot}${call.path}` : call.path
  const timeoutMs = call.timeoutMs ?? capabilities.timeoutMs.call
  const shown = new URL(moved(address, apiRoot))
  for (const [name, value] of Object.entries(call.query ?? {})) shown.searchParams.set(name, value)
  const exchange: { -readonly [K in keyof Exchange]: Exchange[K] } = {
    method: call.method,
    url: shown.href,
    request: call.request ?? call.body,
  }
  return await tools.logged(exchange, async () => {
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(call.signal ? [call.signal] : [])])
    const { agent, left } = watchedAgent(tools.agent(shown.href))
    try {
      if (signal.aborted) throw new ApiFailure('not_sent', 'its time was over before it began')
      const plugin: ITwitterApiClientPlugin = {
        // Before it is signed, so that the signature fits the address; covers the token's address too.
        onBeforeRequestConfig({ params }) {
          params.url = moved(params.url, apiRoot)
        },
        onBeforeRequest({ requestOptions }) {
          requestOptions.timeout = timeoutMs
          requestOptions.signal = signal
        },
      }
      // Not compressed: of an answer that breaks off in the middle the library would wait for the rest.
      const options = { plugins: [plugin], httpAgent: agent as never, compression: 'identity' as const }
      const client = new TwitterApi(caller as TwitterApiTokens, options)
      const answer = await unlessAborted(signal, ask(client, address, call))
      exchange.status = 200
      exchange.response = call.summary ? call.summary(answer.data) : answer.data
      return answer
    } catch (error) {
      const failure = failureOf(error, left(), tools.redact)
      if (failure.status !== null) exchange.status = failure.status
      exchange.response = failure.problem.words || failure.message
      throw failure
    }
  })
}

async function ask(client: TwitterApi, address: string, call: Call): Promise<Answer> {
  const { method, query = {}, body = {}, form, bytes } = call
  const options = {
    fullResponse: true as const,
    prefix: '',
    enableRateLimitSave: false,
    ...(form ? { forceBodyMode: form } : {}),
    ...(bytes ? { forceParseMode: 'buffer' as const } : {}),
  }
  const { data, headers } = await (method === 'GET'
    ? client.get<unknown>(address, { ...query }, options)
    : method === 'DELETE'
      ? client.delete<unknown>(address, { ...query }, options)
      : method === 'PUT'
        ? client.put<unknown>(address, { ...body }, options)
        : client.post<unknown>(address, { ...body }, options))
  const contentType = headers['content-type']
  return { data, limits: limitsOf(headers), contentType: contentType ? String(contentType) : null }
}

/** The same path at the address in the settings. Files of messages lie at other names of X's. */
export function moved(address: string, apiRoot: string): string {
  const url = new URL(address)
  const stays = url.origin === new URL(apiRoot).origin || new URL(apiRoot).origin === defaultApiRoot
  if (stays || !/(?:^|\.)(?:x|twitter)\.com$/u.test(url.hostname)) return address
  return new URL(`${url.pathname}${url.search}`, apiRoot).href
}

/** The library may miss the end of a connection; the time is over all the same. */
async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let stop = () => {}
  const over = new Promise<never>((_resolve, reject) => {
    stop = () => {
      // A moment later than the request's own end, which knows more.
      timer = setTimeout(() => reject(new Error('no answer in time')), 50)
    }
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    work.catch(() => {})
  }
}

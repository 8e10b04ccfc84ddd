/**
 * Calls of the Bot API through telegraf's client, which gives HTTP, JSON and multipart. The time-out, what is known
 * about a failed call, and clean errors are ours: telegraf's own wait 500 s and quote the token.
 */
import type { Agent, ClientRequest } from 'node:http'
import { TLSSocket } from 'node:tls'
import { Telegram } from 'telegraf'
import type { Exchange, Tools } from '#channel/tools.ts'
import { ApiFailure, failureOf } from './failure.ts'
import type { Settings } from './settings.ts'

/** `source` is a file to upload; everything else goes as it is. */
export interface Payload {
  readonly [field: string]: string | number | boolean | null | readonly string[] | object | Upload | undefined
}
export interface Upload {
  readonly source: Buffer
  readonly filename: string
}

export interface CallOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** Written to the channel log in place of the answer. */
  readonly summary?: (result: unknown) => unknown
}

export interface BotApi {
  /** Resolves to `result`, of any shape. Rejects with {@link ApiFailure} and nothing else. */
  call(method: string, payload: Payload, options: CallOptions): Promise<unknown>
  /** The file's address; holds the token. */
  fileUrl(path: string): string
}

export function createBotApi({ token, apiRoot }: Pick<Settings, 'token' | 'apiRoot'>, tools: Tools): BotApi {
  // Relative addresses are resolved against it: without the slash the last part of a path would be lost.
  const root = apiRoot.endsWith('/') ? apiRoot : `${apiRoot}/`
  return {
    async call(method, payload, { timeoutMs, signal, summary }) {
      const exchange: { -readonly [K in keyof Exchange]: Exchange[K] } = {
        method: 'POST',
        url: new URL(`./bot***/${method}`, root).href,
        request: describe(payload),
      }
      return await tools.logged(exchange, async () => {
        if (signal?.aborted) throw new ApiFailure('not_sent', 'its time was over before it began')
        const { agent, left, broken } = watched(tools.agent(root))
        const client = new Telegram(token, { apiRoot: root, webhookReply: false })
        // telegraf drops an agent given for an http:// root, so it is set behind the constructor.
        client.options.agent = agent
        const signals = [AbortSignal.timeout(timeoutMs), broken, ...(signal ? [signal] : [])]
        try {
          const result: unknown = await client.callApi(method as never, payload as never, {
            signal: AbortSignal.any(signals) as never,
          })
          exchange.status = 200
          if (summary) exchange.response = summary(result)
          return result
        } catch (error) {
          const failure = failureOf(error, left(), tools.redact)
          if (failure.code !== null) exchange.status = failure.code
          exchange.response = failure.description ?? failure.message
          throw failure
        }
      })
    },
    fileUrl(path) {
      const parts = path.split('/')
      if (parts.some((part) => part === '' || part === '.' || part === '..')) {
        throw new ApiFailure('unreadable', 'getFile answered with a path that is none')
      }
      return new URL(`./file/bot${token}/${parts.map(encodeURIComponent).join('/')}`, root).href
    },
  }
}

interface Watched {
  readonly agent: Agent
  /**
   * False while no connection stood, so nothing can have arrived; null when that could not be seen, because the agent was
   * never asked.
   */
  readonly left: () => boolean | null
  /** Aborts when the connection closed in the middle of an answer: node-fetch would wait for the rest. */
  readonly broken: AbortSignal
}

/** The agent, for one call, with an eye on its connection. */
function watched(agent: Agent): Watched {
  let left: boolean | null = null
  const cut = new AbortController()
  const addRequest = (request: ClientRequest, ...rest: unknown[]) => {
    left ??= false
    request.once('socket', (socket) => {
      // A kept connection stands already. On a new one the request waits for the event.
      if (request.reusedSocket) left = true
      else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => (left = true))
    })
    // Whoever took it whole may have acted on it, whatever was seen of the connection.
    request.once('finish', () => (left = true))
    request.once('response', (response) => {
      left = true
      response.once('close', () => {
        if (!response.complete) cut.abort()
      })
    })
    Reflect.apply(Reflect.get(agent, 'addRequest'), agent, [request, ...rest])
  }
  return {
    agent: Object.create(agent, { addRequest: { value: addRequest } }),
    left: () => left,
    broken: cut.signal,
  }
}

function describe(payload: Payload): unknown {
  return Object.fromEntries(
    Object.entries(payload).map(([name, value]) => [name, isUpload(value) ? `[${value.source.length} bytes]` : value]),
  )
}

function isUpload(value: unknown): value is Upload {
  return typeof value === 'object' && value !== null && 'source' in value && Buffer.isBuffer(value.source)
}

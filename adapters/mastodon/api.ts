/** One call to the server. */
import type { Tools } from '#channel/tools.ts'
import { capabilities } from './capabilities.ts'
import type { Settings } from './settings.ts'

export interface Ask {
  readonly method?: 'GET' | 'POST'
  /** From the server's root, with its query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | FormData
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Undefined when it is no JSON. */
  readonly body: unknown
}

/** Rejects with `NoAnswer`, and with `ReadError` for an answer that is too large. */
export type Api = (ask: Ask) => Promise<Answer>

export function createApi({ server, accessToken }: Settings, tools: Tools): Api {
  const base = server.replace(/\/+$/u, '')
  return async ({ method = 'GET', path, headers = {}, body, signal, timeoutMs = capabilities.timeoutMs.call }) => {
    const response = await tools.fetch(`${base}${path}`, {
      method,
      // The words of a refusal tell what kind it is; many servers say them in the language that is asked for.
      headers: {
        authorization: `Bearer ${accessToken}`,
        accept: 'application/json',
        'accept-language': 'en',
        ...headers,
      },
      trust: 'settings',
      timeoutMs,
      // A page of 40 notifications carries 40 posts, each with whole accounts in it.
      maxBytes: 8 * 1024 * 1024,
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
    })
    return { status: response.status, headers: response.headers, body: jsonOf(await response.text()) }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const isOk = ({ status }: Answer): boolean => status >= 200 && status < 300

/** Calls with an access token. Every one ends in an answer or in a {@link WeComFailure}. */
import type { Tools } from '#channel/tools.ts'
import { readAnswer } from './answer.ts'
import { capabilities } from './capabilities.ts'
import { failureOf, WeComFailure } from './failure.ts'
import { rootOf, type Settings } from './settings.ts'
import { createTokens } from './token.ts'
import type { Fields } from './types.ts'

export interface CallOptions {
  readonly signal?: AbortSignal
  /** Default: that of a call without files. */
  readonly timeoutMs?: number
  readonly maxBytes?: number
  readonly headers?: Readonly<Record<string, string>>
}

type Query = Readonly<Record<string, string>>

export interface Api {
  post(path: string, body: object, options?: CallOptions): Promise<Fields>
  /** A file, as a form. */
  upload(path: string, query: Query, form: FormData, options?: CallOptions): Promise<Fields>
  /** `read` gets the answer as it is, and throws when it is a refusal. */
  get<T>(path: string, query: Query, read: (response: Response) => Promise<T>, options?: CallOptions): Promise<T>
  /** Are the credentials right? */
  prove(): Promise<void>
}

/** The token is wrong, unknown or too old: the call was certainly not done. */
const tokenRefused: ReadonlySet<number | null> = new Set([40001, 40014, 42001])

export function createApi(settings: Settings, tools: Tools): Api {
  const tokens = createTokens(settings, tools)

  async function call<T>(
    path: string,
    query: Query,
    init: RequestInit,
    read: (response: Response) => Promise<T>,
    { signal, timeoutMs = capabilities.timeoutMs.call, maxBytes, headers }: CallOptions = {},
  ): Promise<T> {
    const attempt = async (token: string): Promise<T> => {
      const url = `${rootOf(settings)}/cgi-bin/${path}?${new URLSearchParams({ access_token: token, ...query })}`
      try {
        const response = await tools.fetch(url, {
          ...init,
          trust: 'settings',
          timeoutMs,
          ...(headers ? { headers } : {}),
          ...(signal ? { signal } : {}),
          ...(maxBytes === undefined ? {} : { maxBytes }),
        })
        return await read(response)
      } catch (error) {
        throw failureOf(error)
      }
    }
    const token = await tokens.current(signal)
    try {
      return await attempt(token)
    } catch (error) {
      if (!(error instanceof WeComFailure) || !tokenRefused.has(error.errcode)) throw error
      // Once, and never again for the same call: the second refusal is the answer.
      return await attempt(await tokens.renew(token, signal))
    }
  }

  return {
    post: (path, body, options) =>
      call(path, {}, { method: 'POST', body: JSON.stringify(body) }, readAnswer, {
        ...options,
        headers: { 'content-type': 'application/json; charset=utf-8' },
      }),
    upload: (path, query, form, options) => call(path, query, { method: 'POST', body: form }, readAnswer, options),
    get: (path, query, read, options) => call(path, query, { method: 'GET' }, read, options),
    prove: () => tokens.prove(),
  }
}

/** Calls with an access token. Every one ends in an answer or in a {@link WeChatFailure}. */
import type { Tools } from '#channel/tools.ts'
import { type Answer, codeOf, failureOf, readAnswer } from './answer.ts'
import { capabilities } from './capabilities.ts'
import { WeChatFailure } from './failure.ts'
import type { Settings } from './settings.ts'
import { createTokens, rootOf } from './token.ts'

export interface CallOptions {
  readonly signal?: AbortSignal
  /** Default: that of a call without files. */
  readonly timeoutMs?: number
  readonly maxBytes?: number
}

export interface Api {
  /** JSON as WeChat wants it: UTF-8 as it is, and no `\uXXXX`. Throws when the answer says no `errcode: 0`. */
  post(path: string, body: object, options?: CallOptions): Promise<Answer>
  /** A file, as a form. */
  upload(path: string, query: Readonly<Record<string, string>>, form: FormData, options?: CallOptions): Promise<Answer>
  /** `read` gets the answer as it is, and throws when it is a refusal. */
  get<T>(
    path: string,
    query: Readonly<Record<string, string>>,
    read: (response: Response) => Promise<T>,
    options?: CallOptions,
  ): Promise<T>
  /** Are the credentials right? */
  prove(): Promise<void>
}

/** The token is wrong, unknown or too old: the call was certainly not done. */
const tokenRefused: ReadonlySet<number | null> = new Set([40001, 40014, 42001])

export function createApi(settings: Settings, tools: Tools): Api {
  const tokens = createTokens(settings, tools)

  async function call<T>(
    path: string,
    query: Readonly<Record<string, string>>,
    init: RequestInit,
    read: (response: Response) => Promise<T>,
    { signal, timeoutMs = capabilities.timeoutMs.call, maxBytes }: CallOptions = {},
  ): Promise<T> {
    const attempt = async (token: string): Promise<T> => {
      const url = `${rootOf(settings)}${path}?${new URLSearchParams({ access_token: token, ...query })}`
      try {
        const response = await tools.fetch(url, {
          ...init,
          trust: 'settings',
          timeoutMs,
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
      if (!(error instanceof WeChatFailure) || !tokenRefused.has(error.errcode)) throw error
      // Once, and never again for the same call: the second refusal is the answer.
      return await attempt(await tokens.renew(token, signal))
    }
  }

  return {
    post: (path, body, options) =>
      call(path, {}, { method: 'POST', headers: json, body: JSON.stringify(body) }, readAccepted, options),
    upload: (path, query, form, options) => call(path, query, { method: 'POST', body: form }, readAnswer, options),
    get: (path, query, read, options) => call(path, query, { method: 'GET' }, read, options),
    prove: () => tokens.prove(),
  }
}

const json = { 'content-type': 'application/json; charset=utf-8' }

async function readAccepted(response: Response): Promise<Answer> {
  const answer = await readAnswer(response)
  // Without a word about how it went, it may have gone either way.
  if (codeOf(answer.errcode) !== 0) throw new WeChatFailure('unreadable')
  return answer
}

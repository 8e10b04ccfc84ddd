/**
 * Calls of Weibo's HTTP interfaces. What an answer means stands in its body, whatever its status: errors come with 400, 403,
 * 500 and with 200. https://open.weibo.com/wiki/Error_code, read 2026-11-24
 */
import type { Tools } from '#channel/tools.ts'
import { capabilities } from './capabilities.ts'
import { ApiFailure, failureOf } from './failure.ts'
import { parseJson } from './json.ts'
import { field } from './plain-text.ts'
import type { Settings } from './settings.ts'

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number
}
export type Params = Readonly<Record<string, string | number>>

export interface WeiboApi {
  /** `comments/reply`: an interface's name. Resolves to the answer, never to an error in it. Rejects with {@link ApiFailure}. */
  get(name: string, params: Params, options?: CallOptions): Promise<unknown>
  post(name: string, params: Params, options?: CallOptions): Promise<unknown>
  /** The fan service's `messages/reply`. */
  message(params: Params, options?: CallOptions): Promise<unknown>
  /** A file of a private message. The address holds the token. */
  fileUrl(fid: string): string
}

export function createApi(settings: Settings, tools: Pick<Tools, 'fetch'>): WeiboApi {
  const { accessToken, commercial, fileRoot } = settings
  const pushToken = settings.pushToken || accessToken
  const at = (root: string, name: string) => new URL(`2/${name}`, root.endsWith('/') ? root : `${root}/`)
  const endpoint = (name: string) => at(settings.apiRoot, commercial ? `${name}/biz.json` : `${name}.json`)
  // In a header it stands in no address. https://open.weibo.com/wiki/授权机制说明, read 2026-11-24
  const authorization = `OAuth2 ${accessToken}`

  async function call(url: URL, init: RequestInit, { signal, timeoutMs = capabilities.timeoutMs.call }: CallOptions) {
    try {
      const response = await tools.fetch(url, {
        ...init,
        trust: 'settings',
        timeoutMs,
        maxBytes: 8 * 1024 * 1024,
        ...(signal ? { signal } : {}),
      })
      return readAnswer(response.status, await response.text())
    } catch (error) {
      throw failureOf(error)
    }
  }

  return {
    get(name, params, options = {}) {
      const url = endpoint(name)
      url.search = formOf(params).toString()
      return call(url, { headers: { authorization } }, options)
    },
    post: (name, params, options = {}) =>
      call(endpoint(name), { method: 'POST', headers: { authorization }, body: formOf(params) }, options),
    message: (params, options = {}) =>
      // This interface documents its token as a parameter only.
      call(
        at(settings.messageRoot, 'messages/reply.json'),
        { method: 'POST', body: formOf({ access_token: pushToken, ...params }) },
        options,
      ),
    fileUrl(fid) {
      const url = at(fileRoot, 'mss/msget')
      url.search = formOf({ access_token: pushToken, fid }).toString()
      return url.href
    },
  }
}

const formOf = (params: Params): URLSearchParams =>
  new URLSearchParams(Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])))

/** The answer, or throws what it says instead. */
export function readAnswer(status: number, text: string): unknown {
  let body: unknown
  try {
    body = parseJson(text)
  } catch {
    body = undefined
  }
  const code = codeIn(body)
  if (code !== null) throw new ApiFailure('refused', `refused: ${code}`, code)
  if (status === 429) throw new ApiFailure('refused', 'refused: too many requests', 10022)
  if (status >= 400 && status < 500 && status !== 408) throw new ApiFailure('refused', `answer ${status}`)
  if (status < 200 || status > 299 || typeof body !== 'object' || body === null) {
    throw new ApiFailure('unreadable', `answer ${status}`)
  }
  return body
}

/** A number or a string, `"21327"`; 0 is no error. */
function codeIn(body: unknown): number | null {
  const code = field(body, 'error_code') ?? field(body, 'errcode')
  const number = typeof code === 'string' && /^\d{1,9}$/u.test(code.trim()) ? Number(code) : code
  return typeof number === 'number' && Number.isSafeInteger(number) && number !== 0 ? number : null
}

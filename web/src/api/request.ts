/** One request to our own API: JSON both ways, errors as {@link ApiError}. */
import { noteServerTime } from './clock.ts'
import { ApiError, toApiError } from './problem.ts'

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Lets the request outlive the page: a draft saved while the tab closes. */
  readonly keepalive?: boolean
  readonly timeoutMs?: number
  /** Waits until the page is painted. To send one takes a millisecond or more, and a page that opens asks for a dozen. */
  readonly later?: boolean
}

let onSignedOut: () => void = () => {}

/** Called when an answer says that nobody is signed in any more. */
export function whenSignedOut(fn: () => void): void {
  onSignedOut = fn
}

export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const { method = 'GET', body, headers = {}, signal, keepalive = false, timeoutMs = 20_000 } = options
  if (options.later) await painted()
  const limit = AbortSignal.timeout(timeoutMs)
  let response: Response
  let text: string
  try {
    response = await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      credentials: 'same-origin',
      keepalive,
    })
    text = await response.text()
  } catch (error) {
    // A query that is no longer wanted is not an error to show.
    if (signal?.aborted) throw error
    throw new ApiError(0, 'offline', 'No answer', { cause: error })
  }
  noteServerTime(response.headers.get('date'))
  const answer = readJson(text)
  if (response.ok) return answer as T
  const error = toApiError(response.status, answer, response.headers.get('retry-after'))
  if (error.status === 401 && !path.startsWith('/api/auth/')) onSignedOut()
  throw error
}

/** A page that nobody sees is never painted. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    if (document.visibilityState === 'hidden') return resolve()
    requestAnimationFrame(() => setTimeout(resolve))
    setTimeout(resolve, 250)
  })
}

function readJson(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

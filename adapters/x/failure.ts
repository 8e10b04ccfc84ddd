/** What is known about a call that brought no result. Holds no key, no customer's words, no error of a library. */
import { ApiPartialResponseError, ApiRequestError, ApiResponseError } from 'twitter-api-v2'
import { type Limits, limitsOf } from './limits.ts'

/**
 * - `refused`: X answered that it did not do it.
 * - `not_sent`: the request certainly never left.
 * - `no_answer`: it may have left, and no whole answer came.
 * - `unreadable`: an answer came that tells nothing: 5xx, no JSON, JSON of another shape.
 */
export type FailureKind = 'refused' | 'not_sent' | 'no_answer' | 'unreadable'

/** X's own words and numbers, in either of the two forms it has for them. */
export interface Problem {
  /** The last part of the type's address: `usage-capped`; '' when there is none. */
  readonly type: string
  /** Numbers of API v1, which live on. */
  readonly codes: readonly number[]
  /** Titles, details and messages, one a line. Without keys. */
  readonly words: string
}
const noProblem: Problem = { type: '', codes: [], words: '' }

export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  readonly kind: FailureKind
  readonly status: number | null
  readonly problem: Problem
  readonly limits: Limits | null

  constructor(
    kind: FailureKind,
    message: string,
    answer: { status?: number; problem?: Problem; limits?: Limits | null } = {},
  ) {
    super(message)
    this.kind = kind
    this.status = answer.status ?? null
    this.problem = answer.problem ?? noProblem
    this.limits = answer.limits ?? null
  }
}

/**
 * The library's errors hold the request with its Authorization header: only what is picked out here goes on. `left`: may
 * the request have left?
 */
export function failureOf(error: unknown, left: boolean, redact: (text: string) => string): ApiFailure {
  if (error instanceof ApiFailure) return error
  if (error instanceof ApiResponseError) {
    const { code: status, data, headers } = error
    const limits = limitsOf(headers)
    const problem = problemIn(data, redact)
    // 408: it gave up waiting for us, or for itself.
    if (status < 400 || status >= 500 || status === 408)
      return new ApiFailure('unreadable', `answer ${status}`, { status, problem, limits })
    return new ApiFailure('refused', `refused: ${status}`, { status, problem, limits })
  }
  if (error instanceof ApiPartialResponseError) {
    const status = error.response?.statusCode ?? 0
    // The status says it, whatever became of the rest.
    if (status >= 400 && status < 500 && status !== 408) {
      return new ApiFailure('refused', `refused: ${status}`, { status })
    }
    return new ApiFailure('unreadable', 'an answer that broke off, or no JSON', { status })
  }
  const code = codeIn(error)
  if (!left || (code !== null && beforeSending.test(code))) return new ApiFailure('not_sent', code ?? 'no connection')
  return new ApiFailure('no_answer', error instanceof ApiRequestError ? (code ?? 'no answer in time') : 'no answer')
}

/** Errors that only making a connection can give. A reset, or a host that cannot be reached, may come later as well. */
const beforeSending =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EADDRNOTAVAIL|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERR_TLS_CERT_\w+)$/u

/** The network's code. twitter-api-v2 1.29.1 keeps it as `error` in a hidden field; its getter looks for another name. */
function codeIn(error: unknown): string | null {
  if (!(error instanceof ApiRequestError)) return null
  const hidden: unknown = Reflect.get(error, '_options')
  const inner: unknown = typeof hidden === 'object' && hidden !== null ? Reflect.get(hidden, 'error') : null
  const code: unknown = typeof inner === 'object' && inner !== null ? Reflect.get(inner, 'code') : null
  return typeof code === 'string' && /^\w{1,60}$/u.test(code) ? code : null
}

/** `{ title, detail, type, status }`, `{ errors: [{ code, message }] }`, `{ error, error_description }`, or HTML. */
export function problemIn(data: unknown, redact: (text: string) => string): Problem {
  if (typeof data !== 'object' || data === null) return noProblem
  const errors: unknown = Reflect.get(data, 'errors')
  const parts = [data, ...(Array.isArray(errors) ? errors.slice(0, 10) : [])]
  const field = (name: string) =>
    parts.map((part) => (typeof part === 'object' && part !== null ? Reflect.get(part, name) : undefined))
  const strings = (name: string) => field(name).filter((value): value is string => typeof value === 'string')
  const words = ['title', 'detail', 'message', 'error', 'error_description', 'reason', 'period'].flatMap(strings)
  const type = strings('type').find((value) => value.includes('/problems/'))
  return {
    type: /\/problems\/([\w-]{1,60})/u.exec(type ?? '')?.[1] ?? '',
    codes: field('code').filter((value): value is number => Number.isSafeInteger(value)),
    words: redact([...new Set(words)].join('\n')).slice(0, 600),
  }
}

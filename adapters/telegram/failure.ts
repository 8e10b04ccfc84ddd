/** What is known about a call that brought no result. Holds no token, no customer's words, no error of a library. */

/**
 * - `refused`: Telegram answered that it did not do it. `code` and `description` are its own.
 * - `not_sent`: the request certainly never left.
 * - `no_answer`: it may have left, and no whole answer came.
 * - `unreadable`: an answer came that tells nothing: 5xx, no JSON, JSON of another shape.
 */
export type FailureKind = 'refused' | 'not_sent' | 'no_answer' | 'unreadable'

export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  readonly kind: FailureKind
  /** Telegram's `error_code`. */
  readonly code: number | null
  readonly description: string | null
  readonly retryAfterMs: number | null
  readonly migrateToChatId: string | null

  constructor(
    kind: FailureKind,
    message: string,
    answer: { code?: number; description?: string; retryAfterMs?: number | null; migrateToChatId?: string | null } = {},
  ) {
    super(message)
    this.kind = kind
    this.code = answer.code ?? null
    this.description = answer.description ?? null
    this.retryAfterMs = answer.retryAfterMs ?? null
    this.migrateToChatId = answer.migrateToChatId ?? null
  }
}

/**
 * `left`: the request may have left; null when nothing was seen of its connection. Errors of telegraf and node-fetch quote
 * the address, token and all, so only codes go on.
 */
export function failureOf(error: unknown, left: boolean | null, redact: (text: string) => string): ApiFailure {
  const answer = answerIn(error)
  if (answer) return refusal(answer, redact)
  const network = codeIn(error)
  const aborted = error instanceof Error && error.name === 'AbortError'
  if (left === false || (network !== null && beforeSending.test(network))) {
    return new ApiFailure('not_sent', network ?? (aborted ? 'no connection in time' : 'no connection'))
  }
  if (network === 'invalid-json' || error instanceof TypeError) return new ApiFailure('unreadable', 'no JSON')
  if (aborted) return new ApiFailure('no_answer', 'no answer in time')
  return new ApiFailure('no_answer', network ?? 'the connection broke')
}

/** Errors that only making a connection can give. A reset, or a host that cannot be reached, may come later as well. */
const beforeSending =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EADDRNOTAVAIL|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERR_TLS_CERT_\w+)$/u

interface Answer {
  readonly error_code?: unknown
  readonly description?: unknown
  readonly parameters?: { readonly retry_after?: unknown; readonly migrate_to_chat_id?: unknown } | null
}

/** telegraf's TelegramError carries the answer as `response`. */
function answerIn(error: unknown): Answer | null {
  if (!(error instanceof Error) || !('response' in error)) return null
  const { response } = error
  return typeof response === 'object' && response !== null ? response : {}
}

function refusal({ error_code, description, parameters }: Answer, redact: (text: string) => string): ApiFailure {
  const text = typeof description === 'string' ? redact(description).slice(0, 300) : ''
  // An answer without an error of its own says nothing about what was done.
  if (!Number.isInteger(error_code)) return new ApiFailure('unreadable', 'an answer without result or error')
  const code = Number(error_code)
  if (code < 400 || code >= 500) return new ApiFailure('unreadable', `answer ${code}`, { code, description: text })
  const { retry_after, migrate_to_chat_id } = parameters ?? {}
  // Old servers tell the seconds in the text alone.
  const seconds = Number(retry_after ?? /retry after (\d+)/iu.exec(text)?.[1] ?? Number.NaN)
  return new ApiFailure('refused', `refused: ${code}`, {
    code,
    description: text,
    retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null,
    migrateToChatId: Number.isSafeInteger(migrate_to_chat_id) ? String(migrate_to_chat_id) : null,
  })
}

/** The network's code (`ECONNRESET`), or node-fetch's own `type` where there is none. */
function codeIn(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if ('code' in error && typeof error.code === 'string') return error.code
  if ('type' in error && typeof error.type === 'string' && error.name === 'FetchError') return error.type
  return null
}

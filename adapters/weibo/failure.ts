/** What is known about a call that brought no result. Holds no token and no customer's words. */
import { NoAnswer } from '#channel/errors.ts'

/**
 * - `refused`: Weibo said that it did not do it; `code` is its own, null when it gave none.
 * - `not_sent`: the request certainly never left.
 * - `no_answer`: it may have left, and no whole answer came.
 * - `unreadable`: an answer came that tells nothing: 5xx, no JSON, JSON of another shape.
 */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  readonly kind: 'refused' | 'not_sent' | 'no_answer' | 'unreadable'
  readonly code: number | null

  constructor(kind: ApiFailure['kind'], message: string, code: number | null = null, cause?: unknown) {
    super(message, { cause })
    this.kind = kind
    this.code = code
  }
}

/** Of what `tools.fetch` rejects with. */
export function failureOf(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error
  if (error instanceof NoAnswer) {
    return new ApiFailure(error.mayHaveLeft ? 'no_answer' : 'not_sent', error.message, null, error)
  }
  return new ApiFailure('unreadable', 'the answer was not taken', null, error)
}

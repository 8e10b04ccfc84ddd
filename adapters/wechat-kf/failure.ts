/** How a call ended that brought nothing. Holds no address: there is a token in it. */
import { NoAnswer } from '#channel/errors.ts'

/**
 * - `not_sent`: it certainly never left. - `no_answer`: it may have. - `unreadable`: an answer nobody can read, a 5xx.
 * - `refused`: WeCom said why, by `errcode`, mostly inside a 200.
 */
export type FailureKind = 'not_sent' | 'no_answer' | 'unreadable' | 'refused'

export interface FailureDetails {
  readonly errcode?: number | null
  /** HTTP's. */
  readonly status?: number | null
  /** Whom WeCom did not let in (60020). */
  readonly ip?: string | null
  /** The call it was meant for was not made. */
  readonly beforeCall?: boolean
  readonly cause?: unknown
}

export class WeComFailure extends Error {
  override readonly name = 'WeComFailure'
  readonly kind: FailureKind
  readonly errcode: number | null
  readonly status: number | null
  readonly ip: string | null
  readonly beforeCall: boolean

  constructor(kind: FailureKind, details: FailureDetails = {}) {
    super(details.errcode == null ? kind : `${kind}: ${details.errcode}`, { cause: details.cause })
    this.kind = kind
    this.errcode = details.errcode ?? null
    this.status = details.status ?? null
    this.ip = details.ip ?? null
    this.beforeCall = details.beforeCall ?? false
  }
}

/** The same, known to have ended before the call it was for. */
export const beforeCall = (error: WeComFailure): WeComFailure =>
  new WeComFailure(error.kind, { ...pick(error), beforeCall: true, cause: error })

const pick = ({ errcode, status, ip }: WeComFailure) => ({ errcode, status, ip })

/** A call that brought no answer. What is no failure of the network is a bug, and stays what it is. */
export function failureOf(error: unknown): unknown {
  if (!(error instanceof NoAnswer)) return error
  return new WeComFailure(error.mayHaveLeft ? 'no_answer' : 'not_sent', { cause: error })
}

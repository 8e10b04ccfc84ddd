/**
 * The only errors that cross the adapter border. Anything else an adapter throws is a bug of the adapter.
 */

/** A short text for the people at the desk, in both of the desk's languages. */
export interface Bilingual {
  readonly en: string
  readonly zh: string
}

/**
 * What is known about a send that did not end well.
 * - `retry`: certainly not sent, and may work later.
 * - `rejected`: certainly not sent, and never will be.
 * - `unknown`: may have been sent. Time-out after the request left, a 5xx, a 200 nobody can read.
 */
export type SendOutcome = 'retry' | 'rejected' | 'unknown'

/** Stable reasons an adapter picks from; it never invents one. The desk explains each in words. */
export type SendCode =
  | 'rate_limited' // the platform asked us to wait
  | 'unreachable' // connection refused, DNS, TLS: the request never left
  | 'credentials_refused' // token revoked or expired: with scope `account`, its sends wait until it is mended
  | 'permission' // the account may not write there
  | 'window_closed' // the platform's reply window is over
  | 'quota' // the platform's count of replies is used up
  | 'blocked' // the person blocked the account
  | 'gone' // the chat, post or person no longer exists
  | 'too_long'
  | 'duplicate' // the platform refuses the same text twice
  | 'media_refused' // size, kind or content of a file
  | 'invalid' // the platform refuses the request for another reason
  | 'no_answer' // time-out or broken connection after the request left
  | 'platform_error' // 5xx, or an answer nobody can read

export interface SendErrorOptions {
  /** Text for the agent. Never the platform's raw answer, never a secret. */
  readonly text: Bilingual
  /** retry only: not before this time. Without it the core backs off by itself. */
  readonly after?: Date
  /** retry only: what has to wait, this thread or the whole account. Default `thread`. */
  readonly scope?: 'thread' | 'account'
  readonly cause?: unknown
}

/** Thrown by `Connection.send` when the platform did not accept the reply, or may not have. */
export class SendError extends Error {
  override readonly name = 'SendError'
  readonly outcome: SendOutcome
  readonly code: SendCode
  readonly text: Bilingual
  readonly after: Date | null
  readonly scope: 'thread' | 'account'

  constructor(outcome: SendOutcome, code: SendCode, options: SendErrorOptions) {
    super(`${outcome}: ${code}`, { cause: options.cause })
    this.outcome = outcome
    this.code = code
    this.text = options.text
    this.after = options.after ?? null
    this.scope = options.scope ?? 'thread'
  }
}

/**
 * The request does not come from the platform. Answered 401 with nothing stored. The message names no secret. `hint`, for the
 * programmer at the other end, is answered as it is: what is wrong with the form of the call, never with its content.
 */
export class WebhookRejected extends Error {
  override readonly name = 'WebhookRejected'
  readonly hint: string | null

  constructor(message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.hint = options.hint ?? null
  }
}

/** The request comes from the platform's address but is no valid document (broken JSON or XML). Answered 400. */
export class WebhookMalformed extends Error {
  override readonly name = 'WebhookMalformed'
}

/** A read (poll, download, check) failed. `credentials` means that trying again is useless until settings change. */
export class ReadError extends Error {
  override readonly name = 'ReadError'
  readonly reason: 'credentials' | 'conflict' | 'gone' | 'too_large' | 'later'
  readonly text: Bilingual
  readonly after: Date | null

  constructor(
    reason: ReadError['reason'],
    options: {
      readonly text: Bilingual
      readonly after?: Date
      readonly cause?: unknown
    },
  ) {
    super(reason, { cause: options.cause })
    this.reason = reason
    this.text = options.text
    this.after = options.after ?? null
  }
}

/**
 * `Tools.fetch` brought no answer. An adapter's `send` turns it into a SendError: `retry: unreachable` when the request
 * certainly never left, else `unknown: no_answer`.
 */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  readonly reason: 'unreachable' | 'timeout' | 'aborted' | 'broken'
  /** False: the request certainly never left. True: it may have. */
  readonly mayHaveLeft: boolean
  /** Of the network layer: `ECONNREFUSED`, `ENOTFOUND`; null when it gave none. */
  readonly code: string | null

  constructor(reason: NoAnswer['reason'], mayHaveLeft: boolean, code: string | null, cause?: unknown) {
    super(code ? `${reason}: ${code}` : reason, { cause })
    this.reason = reason
    this.mayHaveLeft = mayHaveLeft
    this.code = code
  }
}

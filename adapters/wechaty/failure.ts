/**
 * What is known about a call of a puppet that failed. Over the gateway errors have gRPC's status codes
 * (wechaty-grpc 1.5.2, grpc-js 1.14); puppets in this process throw whatever they like.
 *
 * No error of the SDK leaves this file: gRPC's quote the token in their details and hold it in their metadata.
 */
import { type SendCode, SendError } from '#channel/errors.ts'
import { texts } from './texts.ts'

export const status = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const

/** The part of an error that may be kept: a code, and whether the call certainly changed nothing. */
export class PuppetFailure extends Error {
  override readonly name = 'PuppetFailure'
  /** gRPC's; null when it had none. */
  readonly code: number | null
  /** It failed before the call was made. */
  readonly neverLeft: boolean
  readonly signedOut: boolean
  readonly larger: boolean

  constructor(code: number | null, words: string, neverLeft = false) {
    super(code === null ? 'the puppet failed' : `the puppet failed with status ${code}`)
    this.code = code
    this.neverLeft = neverLeft || (code === status.UNAVAILABLE && noConnection.test(words)) || waiting.test(words)
    this.signedOut = /not (?:yet )?log(?:ged)?[ -]?in|no current user/iu.test(words)
    this.larger = code === status.RESOURCE_EXHAUSTED && /larger than max/iu.test(words)
  }
}

/** grpc-js 1.14 on a connection that never stood. Everything else may have left. */
const noConnection = /No connection established|Name resolution failed|ECONNREFUSED|Failed to connect|No address/u
/** A deadline that passed while there was no connection yet. */
const waiting = /Waiting for LB pick|waiting for name resolution/iu

export function failureOf(error: unknown, neverLeft = false): PuppetFailure {
  if (error instanceof PuppetFailure) return error
  const { code, details, message } = (error ?? {}) as { code?: unknown; details?: unknown; message?: unknown }
  const words = [details, message].filter((part) => typeof part === 'string').join('\n')
  return new PuppetFailure(typeof code === 'number' ? code : null, words, neverLeft)
}

const rejections: { readonly [code: number]: readonly [SendCode, keyof typeof texts] } = {
  [status.INVALID_ARGUMENT]: ['invalid', 'refused'],
  [status.NOT_FOUND]: ['gone', 'gone'],
  [status.ALREADY_EXISTS]: ['duplicate', 'duplicate'],
  [status.PERMISSION_DENIED]: ['permission', 'permission'],
  [status.FAILED_PRECONDITION]: ['invalid', 'refused'],
  [status.OUT_OF_RANGE]: ['too_long', 'refused'],
  [status.UNIMPLEMENTED]: ['invalid', 'cannot'],
}

/** The one error that may leave `send`. In doubt: unknown; a puppet's own word for a failure is no proof that nothing was sent. */
export function sendErrorOf(error: unknown): SendError {
  if (error instanceof SendError) return error
  const cause = failureOf(error)
  const { code } = cause
  if (cause.neverLeft)
    return new SendError('retry', 'unreachable', { text: texts.unreachable, scope: 'account', cause })
  if (code === status.UNAUTHENTICATED) {
    return new SendError('retry', 'credentials_refused', { text: texts.credentials, scope: 'account', cause })
  }
  if (cause.signedOut) {
    return new SendError('retry', 'credentials_refused', { text: texts.signedOut, scope: 'account', cause })
  }
  if (cause.larger) return new SendError('rejected', 'media_refused', { text: texts.tooLarge, cause })
  if (code === status.RESOURCE_EXHAUSTED) {
    return new SendError('retry', 'rate_limited', { text: texts.busy, scope: 'account', cause })
  }
  const rejection = code === null ? undefined : rejections[code]
  if (rejection) return new SendError('rejected', rejection[0], { text: texts[rejection[1]], cause })
  const silent = code === status.DEADLINE_EXCEEDED || code === status.UNAVAILABLE || code === status.CANCELLED
  if (silent) return new SendError('unknown', 'no_answer', { text: texts.noAnswer, cause })
  return new SendError('unknown', 'platform_error', { text: texts.unclear, cause })
}

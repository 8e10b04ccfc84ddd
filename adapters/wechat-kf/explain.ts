/** A failed call → the one error that may leave. */
import { ReadError, SendError } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import {
  busyText,
  fileGoneText,
  noAnswerText,
  type Refusal,
  refusalOf,
  unreachableText,
  unreadableText,
} from './codes.ts'
import { WeComFailure } from './failure.ts'

type Clock = Pick<Tools, 'now'>

/** `prepared`: it was only on the way to the message (a token, a file), so that the message was certainly not sent. */
export function sendErrorOf(error: unknown, tools: Clock, prepared: boolean): unknown {
  if (!(error instanceof WeComFailure)) return error
  const cause = error
  if (error.kind === 'refused') {
    const refusal = refusalOf(error)
    if (refusal.doubt && !prepared && !error.beforeCall) {
      return new SendError('unknown', 'platform_error', { text: unreadableText, cause })
    }
    // No token: whatever the reason, it is the account's, and says nothing about this message.
    const accounts = error.beforeCall && refusal.outcome === 'rejected'
    return refusedWith(
      accounts ? { ...refusal, outcome: 'retry', code: 'credentials_refused', scope: 'account' } : refusal,
      tools,
      cause,
    )
  }
  if (error.kind === 'not_sent' || prepared || error.beforeCall) {
    return new SendError('retry', 'unreachable', { text: unreachableText, cause })
  }
  if (error.kind === 'no_answer') return new SendError('unknown', 'no_answer', { text: noAnswerText, cause })
  return new SendError('unknown', 'platform_error', { text: unreadableText, cause })
}

function refusedWith({ outcome, code, text, scope, waitMs }: Refusal, tools: Clock, cause: unknown): SendError {
  return new SendError(outcome, code, {
    text,
    cause,
    ...(scope ? { scope } : {}),
    ...(waitMs === undefined ? {} : { after: new Date(tools.now().getTime() + waitMs) }),
  })
}

/** For what is read: messages and files. */
export function readErrorOf(error: unknown, tools: Clock): unknown {
  if (!(error instanceof WeComFailure)) return error
  const cause = error
  if (error.kind !== 'refused') return new ReadError('later', { text: unreachableText, cause })
  const { code, text, waitMs } = refusalOf(error)
  if (code === 'credentials_refused') return new ReadError('credentials', { text, cause })
  if (code === 'media_refused') return new ReadError('gone', { text: fileGoneText, cause })
  if (waitMs === undefined) return new ReadError('later', { text, cause })
  return new ReadError('later', { text: busyText, cause, after: new Date(tools.now().getTime() + waitMs) })
}

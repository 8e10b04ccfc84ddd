/** Whatever a call failed with → the one error that may leave. */
import { ReadError, SendError } from '#channel/errors.ts'
import { ApiFailure } from './failure.ts'
import { accountRefusal, noAnswerText, refusalOf, unreachableText, unreadableText } from './refusals.ts'
import { waitOf } from './waiting.ts'

/** `nothingSent`: the call was only the preparation (a file's upload), so nobody can have seen anything. */
export function sendErrorOf(error: unknown, now: Date, nothingSent = false): unknown {
  if (!(error instanceof ApiFailure)) return error
  const cause = error
  const { kind, status, problem } = error
  if (kind === 'not_sent' || (nothingSent && kind !== 'refused')) {
    return new SendError('retry', 'unreachable', { text: unreachableText, cause })
  }
  if (kind === 'no_answer') return new SendError('unknown', 'no_answer', { text: noAnswerText, cause })
  if (kind === 'unreadable' || status === null) {
    return new SendError('unknown', 'platform_error', { text: unreadableText, cause })
  }
  const wait = waitOf(error, now)
  if (wait) {
    const { code, text, after, scope } = wait
    return new SendError('retry', code, { text, scope, cause, ...(after ? { after } : {}) })
  }
  const account = accountRefusal(status, problem)
  if (account) return new SendError('retry', 'credentials_refused', { text: account, scope: 'account', cause })
  const refusal = refusalOf(status, problem)
  return new SendError('rejected', refusal.code, { text: refusal.text, cause })
}

/** For reads. What is no failure of a call is a bug, and stays what it is. */
export function readErrorOf(error: unknown, now: Date): unknown {
  if (!(error instanceof ApiFailure)) return error
  const cause = error
  const { kind, status, problem } = error
  if (kind !== 'refused' || status === null) return new ReadError('later', { text: unreachableText, cause })
  const wait = waitOf(error, now)
  if (wait) return new ReadError('later', { text: wait.text, cause, ...(wait.after ? { after: wait.after } : {}) })
  const account = accountRefusal(status, problem)
  if (account) return new ReadError('credentials', { text: account, cause })
  const { code, text } = refusalOf(status, problem)
  if (code === 'gone') return new ReadError('gone', { text, cause })
  return new ReadError('later', { text: code === 'permission' ? text : refusedText, cause })
}

const refusedText = { en: 'X refused to be read.', zh: 'X 拒绝了读取请求。' }

/** A failed call → the one error that may leave. */
import { ReadError, SendError } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import { WeChatFailure } from './failure.ts'
import {
  busyText,
  noAnswerText,
  type Refusal,
  refusalOf,
  renewing,
  unreachableText,
  unreadableText,
} from './refusals.ts'

/** `prepared`: it was only on the way to the message (a token, a file), so that the message was certainly not sent. */
export function sendErrorOf(error: unknown, tools: Pick<Tools, 'now'>, prepared: boolean): unknown {
  if (!(error instanceof WeChatFailure)) return error
  const cause = error
  const certain = prepared || error.beforeCall
  switch (error.kind) {
    case 'not_sent':
      return new SendError('retry', 'unreachable', { text: unreachableText, cause })
    case 'no_answer':
      if (certain) return new SendError('retry', 'unreachable', { text: unreachableText, cause })
      return new SendError('unknown', 'no_answer', { text: noAnswerText, cause })
    case 'unreadable':
      if (certain) return new SendError('retry', 'unreachable', { text: unreachableText, cause })
      return new SendError('unknown', 'platform_error', { text: unreadableText, cause })
    case 'wait':
      return refusedWith(renewing, error.after, cause)
    case 'refused': {
      const refusal = refusalOf(error.errcode, error.status, error.ip)
      if (refusal.doubt && !certain) return new SendError('unknown', 'platform_error', { text: unreadableText, cause })
      // No token: whatever the reason, it is the account's, and says nothing about this message.
      if (error.beforeCall && refusal.outcome === 'rejected') {
        return refusedWith({ ...refusal, outcome: 'retry', code: 'credentials_refused', scope: 'account' }, null, cause)
      }
      return refusedWith(refusal, afterOf(refusal, tools.now()), cause)
    }
  }
}

function refusedWith({ outcome, code, text, scope }: Refusal, after: Date | null, cause: unknown): SendError {
  return new SendError(outcome, code, { text, cause, ...(scope ? { scope } : {}), ...(after ? { after } : {}) })
}

const dayMs = 86_400_000
/** China is eight hours ahead, all year. */
const chinaMs = 8 * 3_600_000

function afterOf({ wait }: Refusal, now: Date): Date | null {
  if (wait === undefined) return null
  if (wait !== 'midnight') return new Date(now.getTime() + wait)
  const today = Math.floor((now.getTime() + chinaMs) / dayMs)
  return new Date((today + 1) * dayMs - chinaMs + 60_000)
}

/** For a file that could not be fetched. */
export function readErrorOf(error: unknown, tools: Pick<Tools, 'now'>): unknown {
  if (!(error instanceof WeChatFailure)) return error
  const cause = error
  if (error.kind === 'wait')
    return new ReadError('later', { text: busyText, cause, ...(error.after ? { after: error.after } : {}) })
  if (error.kind !== 'refused') return new ReadError('later', { text: unreachableText, cause })
  const refusal = refusalOf(error.errcode, error.status, error.ip)
  if (refusal.code === 'credentials_refused') return new ReadError('credentials', { text: refusal.text, cause })
  if (refusal.code === 'media_refused') return new ReadError('gone', { text: goneText, cause })
  const after = afterOf(refusal, tools.now())
  return new ReadError('later', { text: refusal.text, cause, ...(after ? { after } : {}) })
}

/** Media are kept for three days. */
export const goneText = { en: 'WeChat does not have this file any more.', zh: '微信已不再保存该文件。' }

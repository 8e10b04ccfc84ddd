/** Whatever a call failed with → the one error that may leave. */
import { SendError } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import { ApiFailure } from './failure.ts'
import type { FloodWatch } from './flood.ts'
import {
  busyText,
  credentialsText,
  isCredentials,
  noAnswerText,
  refusalOf,
  unreachableText,
  unreadableText,
} from './refusals.ts'

export type Explain = (error: unknown, chatId: string) => SendError

export function createExplain(tools: Pick<Tools, 'now'>, floods: Pick<FloodWatch, 'refused'>): Explain {
  return (error, chatId) => {
    if (error instanceof SendError) return error
    if (!(error instanceof ApiFailure)) throw error
    const cause = error
    const { kind, code, description, retryAfterMs } = error
    if (kind === 'not_sent') return new SendError('retry', 'unreachable', { text: unreachableText, cause })
    if (kind === 'no_answer') return new SendError('unknown', 'no_answer', { text: noAnswerText, cause })
    if (kind === 'unreadable' || code === null) {
      return new SendError('unknown', 'platform_error', { text: unreadableText, cause })
    }
    if (isCredentials(code, description)) {
      return new SendError('retry', 'credentials_refused', { text: credentialsText, scope: 'account', cause })
    }
    if (code === 429) {
      const now = tools.now()
      const after = retryAfterMs === null ? null : new Date(now.getTime() + retryAfterMs)
      const scope = after ? floods.refused(chatId, now, after) : 'thread'
      return new SendError('retry', 'rate_limited', { text: busyText, scope, cause, ...(after ? { after } : {}) })
    }
    const refusal = refusalOf(code, description ?? '')
    return new SendError('rejected', refusal.code, { text: refusal.text, cause })
  }
}

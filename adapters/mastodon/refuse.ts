/** A server's refusal → what is known about the send. https://docs.joinmastodon.org/entities/Error/, read 2026-11-24 */
import { type Bilingual, NoAnswer, ReadError, type SendCode, SendError, type SendOutcome } from '#channel/errors.ts'
import type { Answer } from './api.ts'
import { texts } from './texts.ts'
import { resetOf } from './wait.ts'

type More = { readonly after?: Date; readonly scope?: 'account'; readonly cause?: unknown }

export const failure = (outcome: SendOutcome, code: SendCode, text: Bilingual, more: More = {}): SendError =>
  new SendError(outcome, code, { text, ...more })

/** What the call that posts was answered with. `length`: of the text, as long as it may have been counted. */
export function refusalOfPost(answer: Answer, now: Date, length: number): SendError {
  if (answer.status >= 500 || answer.status < 300) return failure('unknown', 'platform_error', texts.unclear)
  return refusal(answer, now, length)
}

/** What a call before that one was answered with: nothing is posted yet, so nothing is in doubt. */
export function refusalBefore(answer: Answer, now: Date): SendError {
  if (answer.status >= 500 || answer.status < 300) return failure('retry', 'unreachable', texts.away)
  return refusal(answer, now, 0)
}

function refusal(answer: Answer, now: Date, length: number): SendError {
  const { status } = answer
  const said = errorOf(answer)
  if (status < 400) return failure('retry', 'unreachable', texts.noServer, { scope: 'account' })
  if (status === 401) return failure('retry', 'credentials_refused', texts.credentials, { scope: 'account' })
  if (status === 403 && disabled.test(said))
    return failure('retry', 'credentials_refused', texts.suspended, { scope: 'account' })
  if (status === 403) return failure('rejected', 'permission', texts.permission)
  if (status === 404 || status === 410) return failure('rejected', 'gone', texts.gone)
  if (status === 413) return failure('rejected', 'media_refused', texts.media)
  if (status === 429)
    return failure('retry', 'rate_limited', texts.busy, { after: resetOf(answer, now), scope: 'account' })
  if (hasOthers(answer)) return failure('rejected', 'invalid', texts.mentionsOthers)
  if (status === 422 && isTooLong(said, length)) return failure('rejected', 'too_long', texts.tooLong)
  if (status === 422 && /attach|media|file/iu.test(said)) return failure('rejected', 'media_refused', texts.media)
  return failure('rejected', 'invalid', texts.invalid)
}

const disabled = /your login is (?:currently )?(?:disabled|pending|missing)/iu

/**
 * "character limit of 500 exceeded" comes in the language of the account; the number is in all of them.
 */
function isTooLong(said: string, length: number): boolean {
  if (/character limit/iu.test(said)) return true
  return [...said.matchAll(/\d{3,}/gu)].some(([digits]) => Number(digits) < length)
}

/** Of `allowed_mentions`: who else would be named. */
const hasOthers = ({ status, body }: Answer): boolean =>
  status === 422 && typeof body === 'object' && body !== null && 'unexpected_accounts' in body

function errorOf({ body }: Answer): string {
  const { error } = (body ?? {}) as { error?: unknown }
  return typeof error === 'string' ? error : ''
}

/** Why a read failed. */
export function readError(answer: Answer, now: Date): ReadError {
  const { status } = answer
  if (status === 401) return new ReadError('credentials', { text: texts.credentials })
  if (status === 403)
    return new ReadError('credentials', { text: disabled.test(errorOf(answer)) ? texts.suspended : texts.scopes })
  if (status === 429) return new ReadError('later', { text: texts.busy, after: resetOf(answer, now) })
  if (status >= 500) return new ReadError('later', { text: texts.away })
  return new ReadError('later', { text: texts.noServer })
}

/** What a read throws, as a `ReadError`; what is no failure of the network bubbles. */
export function asReadError(error: unknown): unknown {
  return error instanceof NoAnswer ? new ReadError('later', { text: texts.away, cause: error }) : error
}

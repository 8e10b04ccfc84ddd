/** An answer goes to the brand's program as a signed webhook. `webhook-id` is the delivery's id, the same on every attempt. */
import { type Bilingual, NoAnswer, type SendCode, SendError, type SendOutcome } from '#channel/errors.ts'
import type { Reply, Sent } from '#channel/reply.ts'
import type { Tools } from '#channel/tools.ts'
import { capabilities } from './capabilities.ts'
import { isByHand, type Settings } from './settings.ts'
import { sign } from './standard-webhooks.ts'
import * as texts from './texts.ts'

export async function send(settings: Settings, tools: Tools, reply: Reply): Promise<Sent> {
  if (isByHand(settings)) throw failure('rejected', 'permission', texts.spoken)
  const body = JSON.stringify({ type: 'message.created', data: await dataOf(reply) })
  const { call, upload } = capabilities.timeoutMs
  const timeoutMs = reply.media.length > 0 ? upload : call
  const response = await post(settings, tools, { id: reply.deliveryId, body, signal: reply.signal, timeoutMs }).catch(
    explain,
  )
  const error = errorOf(response, reply, tools.now())
  if (error) throw error
  return { externalId: null }
}

async function dataOf({ deliveryId, thread, to, inReplyTo, text, media }: Reply) {
  const files = await Promise.all(
    media.map(async ({ name, mimeType, size, bytes }) => ({
      name,
      type: mimeType,
      size,
      data: Buffer.from(await bytes()).toString('base64'),
    })),
  )
  return { id: deliveryId, thread: thread.externalId, to, inReplyTo, text, files }
}

export interface Call {
  readonly id: string
  readonly body: string
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

/** Rejects as `tools.fetch` does. Of the answer only its status counts. */
export async function post(settings: Settings, tools: Tools, { id, body, signal, timeoutMs = 8_000 }: Call) {
  const timestamp = Math.floor(tools.now().getTime() / 1_000)
  const response = await tools.fetch(settings.answerUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': sign(settings.secret, id, timestamp, body),
    },
    body,
    ...(signal ? { signal } : {}),
    timeoutMs,
    trust: 'settings',
  })
  await response.body?.cancel()
  return response
}

function explain(error: unknown): never {
  if (!(error instanceof NoAnswer)) throw error
  if (error.mayHaveLeft) throw failure('unknown', 'no_answer', texts.unclear, { cause: error })
  throw failure('retry', 'unreachable', texts.away, { cause: error })
}

function errorOf({ status, headers }: Response, { doubted }: Reply, now: Date): SendError | null {
  if (status >= 200 && status < 300) return null
  // It has it: an attempt whose answer was lost arrived.
  if (status === 409) return doubted ? null : failure('rejected', 'duplicate', texts.twice)
  if (status >= 500) return failure('unknown', 'platform_error', texts.unclear)
  if (status === 429)
    return failure('retry', 'rate_limited', texts.busy, { after: waitOf(headers, now), scope: 'account' })
  if (status === 401) return failure('retry', 'credentials_refused', texts.credentials, { scope: 'account' })
  const [code, text] = refusals[status] ?? (['invalid', texts.refused] as const)
  return failure('rejected', code, text)
}

const refusals: Readonly<Record<number, readonly [SendCode, Bilingual]>> = {
  403: ['permission', texts.forbidden],
  404: ['gone', texts.gone],
  410: ['gone', texts.gone],
  413: ['too_long', texts.tooLong],
  415: ['media_refused', texts.files],
}

/** Seconds or a date; without a word of it a minute. */
function waitOf(headers: Headers, now: Date): Date {
  const told = headers.get('retry-after') ?? ''
  const seconds = /^[0-9]{1,6}$/u.test(told) ? Number(told) : (Date.parse(told) - now.getTime()) / 1_000
  return new Date(now.getTime() + (Number.isFinite(seconds) && seconds > 0 ? seconds : 60) * 1_000)
}

function failure(
  outcome: SendOutcome,
  code: SendCode,
  text: Bilingual,
  more: { after?: Date; scope?: 'account'; cause?: unknown } = {},
): SendError {
  return new SendError(outcome, code, { text, ...more })
}

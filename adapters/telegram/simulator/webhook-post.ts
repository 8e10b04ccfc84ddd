/** One call of a webhook. */
import http from 'node:http'
import https from 'node:https'
import type { WebhookSettings } from './webhook.ts'

/** What a webhook answered; `status` null: nothing that could be read, and `error` says why. */
export interface Answer {
  readonly status: number | null
  readonly retryAfter: number
  readonly body: string
  readonly error: string
}

/** Never rejects: a call that failed is an answer too. */
export function post(to: WebhookSettings, body: string, agent: http.Agent, answerMs: number): Promise<Answer> {
  const failed = (error: string): Answer => ({ status: null, retryAfter: 0, body: '', error })
  return new Promise((resolve) => {
    const request = (to.url.startsWith('https:') ? https : http).request(to.url, {
      method: 'POST',
      agent,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'accept-encoding': 'gzip, deflate',
        ...(to.secret === '' ? {} : { 'x-telegram-bot-api-secret-token': to.secret }),
      },
    })
    const limit = setTimeout(() => request.destroy(new Error('Read timeout expired')), answerMs)
    request.on('error', (error) => {
      clearTimeout(limit)
      resolve(failed(error.message === 'Read timeout expired' ? error.message : 'Connection refused'))
    })
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', () => resolve(failed('Webhook connection closed')))
      response.on('end', () => {
        clearTimeout(limit)
        resolve({
          status: response.statusCode ?? null,
          retryAfter: Number(response.headers['retry-after']) || 0,
          body: Buffer.concat(chunks).toString('utf8'),
          error: '',
        })
      })
    })
    request.end(body)
  })
}

/** The method call a webhook's answer may carry. */
export function methodIn(body: string): Record<string, unknown> | null {
  if (!body.startsWith('{')) return null
  try {
    const call: unknown = JSON.parse(body)
    return typeof call === 'object' && call !== null && 'method' in call ? { ...call } : null
  } catch {
    return null // Telegram reads nothing into an answer that is no call.
  }
}

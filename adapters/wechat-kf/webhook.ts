/** WeCom's calls bring no message: they say that there is something to read, and with which token. */
import type { WebhookResult } from '#channel/adapter.ts'
import { hintOf } from './hint.ts'
import type { Settings } from './settings.ts'
import type { Streams } from './streams.ts'
import { assertDocument, fieldIn, verify } from './verify.ts'

export function createWebhook(settings: Settings, streams: Streams) {
  return async (request: Request, receivedAt: Date): Promise<WebhookResult> => {
    const message = await verify(request, receivedAt, settings)
    if (request.method === 'GET') return { events: [], response: plain(message) }
    assertDocument(message)
    const done = { events: [], response: plain('success') }
    // One address may be told of other things of the company as well.
    if (fieldIn(message, 'Event') !== 'kf_msg_or_event') return done
    const stream = await streams.called(fieldIn(message, 'OpenKfId'))
    if (stream === null) return done
    return { ...done, nudge: { stream, hint: hintOf(fieldIn(message, 'Token'), receivedAt) } }
  }
}

function plain(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } })
}

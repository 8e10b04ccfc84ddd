/** WeChat's calls. The answer is always `success`, after the commit: anything else shows the customer an error. */
import type { WebhookResult } from '#channel/adapter.ts'
import type { Tools } from '#channel/tools.ts'
import { parse } from './parse.ts'
import { takenOver } from './push-events.ts'
import type { Settings } from './settings.ts'
import { Unencrypted, verify } from './verify.ts'

export function createWebhook(settings: Settings, tools: Tools) {
  return async (request: Request, receivedAt: Date): Promise<WebhookResult> => {
    const opening = await verify(request, receivedAt, settings).catch(async (error: unknown) => {
      if (error instanceof Unencrypted) await tools.health({ state: 'warning', text: unencryptedText })
      throw error
    })
    if (opening.kind === 'greeting') return { events: [], response: plain(opening.echo) }
    const { payload } = opening
    if (payload.Event === takenOver) await tools.health({ state: 'warning', text: takenOverText })
    return { events: parse(payload), response: plain('success') }
  }
}

function plain(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } })
}

const unencryptedText = {
  en: 'WeChat sends messages unencrypted, and they are refused: choose the same mode in the WeChat console and here.',
  zh: '微信以明文推送消息，已被拒收：请将公众平台与此处的消息加解密方式设为一致。',
}
const takenOverText = {
  en: "WeChat's own customer-service tool took over a conversation: what is written there does not come here until it ends.",
  zh: '有会话被微信自带的客服工具接入，在该会话结束前，其中的消息不会出现在这里。',
}

/** Web chat: our own channel, for a website and inside apps. The platform is us: what is stored as sent has arrived. */
import { type Account, type Connection, defineAdapter } from '#channel/adapter.ts'
import type { Tools } from '#channel/tools.ts'
import { json } from './answers.ts'
import { capabilities } from './capabilities.ts'
import { check } from './check.ts'
import { answer } from './door.ts'
import { createLimits } from './limits.ts'
import { parse } from './parse.ts'
import { send } from './send.ts'
import { type Settings, settings } from './settings.ts'
import { createTyping } from './typing.ts'

export const webchat = defineAdapter<Settings>({
  channel: 'webchat',
  title: { en: 'Web chat', zh: '网页客服' },
  icon: {
    path: 'M4 3h16c1.1 0 2 .9 2 2v11c0 1.1-.9 2-2 2h-8.500L6 22v-4H4c-1.100 0-2-.9-2-2V5c0-1.100.900-2 2-2zM7 8v2h10V8zM7 12v2h7v-2z',
  },
  capabilities,
  settings,
  // A whole file in one call.
  webhookLimits: { bodyBytes: 10 * 1_048_576, contentTypes: ['application/json', 'application/octet-stream'] },
  servesPages: true,
  connect,
})

function connect({ name, settings, webhookUrl }: Account<Settings>, tools: Tools): Connection {
  const typing = createTyping(tools)
  const limits = createLimits(() => performance.now())
  const deps = {
    settings,
    tools,
    typing,
    limits,
    name,
    onTyping: ({ id }: { readonly id: string }) => ({ ...json({}), typing: { threadId: id } }),
  }
  return {
    webhook: (request, receivedAt, caller) => answer(deps, { request, url: new URL(request.url), receivedAt, caller }),
    reread: parse,
    send,
    typing: async ({ externalId }) => typing.tell(externalId),
    download: ({ reference }) => tools.files.open(String(reference.key)),
    check: async () => check(settings, webhookUrl, tools.now()),
  }
}

/** WeChat official accounts 公众号 (certified ones), direct: pushes in, customer-service messages out. */
import { type Account, type Connection, defineAdapter } from '#channel/adapter.ts'
import type { Tools } from '#channel/tools.ts'
import { createApi } from './api.ts'
import { capabilities } from './capabilities.ts'
import { check } from './check.ts'
import { download } from './download.ts'
import { parse } from './parse.ts'
import { send } from './send.ts'
import { type Settings, settings } from './settings.ts'
import { typing } from './typing.ts'
import { createWebhook } from './webhook.ts'

export const wechatOfficial = defineAdapter<Settings>({
  channel: 'wechat-official',
  title: { en: 'WeChat Official Account', zh: '微信公众号' },
  icon: {
    path: 'M9 3.5C4.9 3.5 1.5 6.3 1.5 9.8c0 2 1.1 3.7 2.8 4.9l-.7 2.2 2.6-1.3c.9.2 1.7.4 2.6.4h.4a5 5 0 0 1-.2-1.4c0-3.2 3.1-5.7 6.8-5.7h.5C15.6 5.7 12.6 3.5 9 3.5zM6.5 6.7a.9.9 0 1 1 0 1.8.9.9 0 0 1 0-1.8zm5 0a.9.9 0 1 1 0 1.8.9.9 0 0 1 0-1.8zM16 10.2c-3.5 0-6.2 2.3-6.2 5.1s2.7 5.1 6.2 5.1c.7 0 1.5-.2 2.2-.4l2 1.1-.6-1.8c1.5-1.1 2.6-2.5 2.6-4 0-2.8-2.9-5.1-6.2-5.1zm-2 2.7a.8.8 0 1 1 0 1.6.8.8 0 0 1 0-1.6zm4.1 0a.8.8 0 1 1 0 1.6.8.8 0 0 1 0-1.6z',
  },
  capabilities,
  settings,
  // The largest push is a few kilobytes. Type as seen from WeChat: text/xml; JSON where the console offers it.
  webhookLimits: {
    bodyBytes: 64 * 1024,
    contentTypes: ['text/xml', 'application/xml', 'application/json', 'text/plain'],
  },
  connect,
})

function connect(account: Account<Settings>, tools: Tools): Connection {
  const { settings } = account
  const api = createApi(settings, tools)
  return {
    webhook: createWebhook(settings, tools),
    reread: parse,
    send: (reply) => send(api, tools, reply),
    typing: (thread) => typing(api, tools, thread.externalId),
    download: (media, signal) => download({ api, tools, settings }, media, signal),
    check: () => check(api, account),
  }
}

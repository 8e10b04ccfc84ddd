/** WeChat customer service 微信客服 of WeCom: called when there is something to read, reads it, and answers by its API. */
import { type Account, type Connection, defineAdapter } from '#channel/adapter.ts'
import type { Tools } from '#channel/tools.ts'
import { createApi } from './api.ts'
import { capabilities } from './capabilities.ts'
import { check } from './check.ts'
import { download } from './download.ts'
import { msgIdOf } from './ids.ts'
import { createNames } from './names.ts'
import { parse } from './parse.ts'
import { createPoll } from './poll.ts'
import { send } from './send.ts'
import { createSessions } from './session.ts'
import { type Settings, settings } from './settings.ts'
import { createStreams } from './streams.ts'
import { createWebhook } from './webhook.ts'
import { welcome } from './welcome.ts'

export const wechatKf = defineAdapter<Settings>({
  channel: 'wechat-kf',
  title: { en: 'WeChat Customer Service', zh: '微信客服' },
  icon: {
    path: 'M12 2a8 8 0 0 0-8 8v1.2A3 3 0 0 0 2.5 14v1.5a3 3 0 0 0 3 3H7V11H6v-1a6 6 0 1 1 12 0v1h-1v7.5h.9a4 4 0 0 1-3.4 2H13a1.5 1.5 0 1 0 0 1.5h1.5a5.5 5.5 0 0 0 5.3-3.9 3 3 0 0 0 1.7-2.6V14a3 3 0 0 0-1.5-2.8V10a8 8 0 0 0-8-8zM9.5 10.8a.9.9 0 1 1 0 1.8.9.9 0 0 1 0-1.8zm5 0a.9.9 0 1 1 0 1.8.9.9 0 0 1 0-1.8z',
  },
  capabilities,
  settings,
  // A call is a few hundred bytes.
  webhookLimits: { bodyBytes: 64 * 1024, contentTypes: ['text/xml', 'application/xml', 'text/plain'] },
  connect,
})

function connect(account: Account<Settings>, tools: Tools): Connection {
  const { settings } = account
  const api = createApi(settings, tools)
  const streams = createStreams(settings, tools)
  const sessions = createSessions(api, tools)
  return {
    webhook: createWebhook(settings, streams),
    streams: streams.list,
    poll: createPoll({ api, tools, settings, sessions, names: createNames(api, tools) }),
    reread: parse,
    externalIdOf: msgIdOf,
    send: (reply) => send({ api, tools, sessions }, reply),
    acknowledge: (event) => welcome(api, tools, settings, event),
    download: (media, signal) => download(api, tools, media, signal),
    check: () => check({ api, tools, streams }, account),
  }
}

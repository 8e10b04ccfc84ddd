/** Weibo: mentions and comments through the REST interfaces, private messages through the fan service platform. */
import { type Account, type Connection, defineAdapter } from '#channel/adapter.ts'
import type { Tools } from '#channel/tools.ts'
import { createApi } from './api.ts'
import { createBudget } from './budget.ts'
import { createCalls } from './calls.ts'
import { capabilities } from './capabilities.ts'
import { checkEveryMs, createCheck } from './check.ts'
import { createDoubts } from './doubts.ts'
import { findSent, sameText } from './find-sent.ts'
import { download } from './media.ts'
import { createOwn, createPeople } from './own.ts'
import { parse } from './parse.ts'
import { poll, streamsOf } from './poll.ts'
import { send } from './send.ts'
import { type Settings, settings } from './settings.ts'
import { takePush } from './take-push.ts'

export const weibo = defineAdapter<Settings>({
  channel: 'weibo',
  title: { en: 'Weibo', zh: '微博' },
  icon: {
    path: 'M10.1 20.3c-3.9.4-7.3-1.4-7.6-4-.3-2.6 2.7-5 6.6-5.4 3.9-.4 7.3 1.4 7.6 4 .2 2.6-2.7 5-6.6 5.4zM16.9 12c-.3-.1-.6-.2-.4-.6.4-1 .4-1.8 0-2.4-.8-1.1-2.9-1-5.3 0 0 0-.8.3-.6-.3.4-1.2.3-2.2-.3-2.8C9 4.6 5.7 6 3 8.7 1 10.7 0 12.9 0 14.7 0 18.3 4.6 20.5 9.1 20.5c5.9 0 9.8-3.4 9.8-6.1 0-1.7-1.4-2.6-2-2.4zM20.7 5.5a5.6 5.6 0 0 0-5.3-1.7.8.8 0 0 0 .3 1.6 4 4 0 0 1 4.6 5.1.8.8 0 0 0 1.5.5 5.6 5.6 0 0 0-1.1-5.5zM8.8 12.8c-1.9-.5-4 .5-4.8 2.1-.8 1.7 0 3.6 1.9 4.2 2 .6 4.3-.3 5.1-2.2.8-1.8-.2-3.7-2.2-4.1z',
  },
  capabilities,
  settings,
  webhookLimits: {
    bodyBytes: 256 * 1024,
    // [U] which one comes: the examples read the raw body, whatever it is called.
    contentTypes: [
      'application/json',
      'text/json',
      'text/plain',
      'text/xml',
      'application/xml',
      'application/x-www-form-urlencoded',
      'application/octet-stream',
    ],
  },
  checkEveryMs,
  connect,
})

function connect({ settings }: Account<Settings>, tools: Tools): Connection {
  const api = createApi(settings, tools)
  const budget = createBudget(settings, tools)
  const calls = createCalls(settings, tools, api, budget)
  const own = createOwn(settings, calls)
  const people = createPeople()
  const doubts = createDoubts(tools)
  const parts = { settings, tools, api, budget, calls, own, people, doubts }
  const reading = () => ({ own: own.uid(), at: tools.now(), personOf: people.of })

  return {
    webhook: (request, receivedAt) => takePush(parts, request, receivedAt),
    streams: () => streamsOf(settings),
    poll: (at, signal) => poll(parts, at, signal),
    reread: (raw) => parse(raw, reading()),
    send: (reply) => doubts.watch(reply, () => send(parts, reply)),
    findSent: (reply) => findSent(parts, reply),
    sameText,
    download: (media, signal) => download(parts, media, signal),
    check: createCheck(parts),
  }
}

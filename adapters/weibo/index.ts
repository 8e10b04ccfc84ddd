/** Weibo: mentions and comments through the REST interfaces, private messages through the fan service platform. */
import { type Account, type Connection, defineAdapter } from '#channel/adapter.ts'
import type { Tools } from '#channel/tools.ts'
import { createApi } from './api.ts'
import { createBudget } from './budget.ts'
import { createCalls } from './calls.ts'
import { capabilities } from './capabilities.ts'
import { checkEveryMs, createCheck } from './check.ts'
import { createAttempts, findSent, sameText } from './find-sent.ts'
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
    path: 'M10.1 20.3c-3.9.4-7.3-1.4-7.6-4-.3-2.6 2.7-5 6.6-5.4 3.9-.4 7.3 1.4 7.6 4 .2 2.6-2.7 5-6.6 5.4zM16.9 12c-.3-.1-.6-.2-.4-.6.4-1 .4-1.8 0-2.4-.8-1.1-2.9-1-5.3 0 0 0-.8.3-.6-.3.4-1.2.3-2.2-.3-2.8C9 4.600 5.700 6 3 8.700 1 10.700 0 12.900 0 14.700 0 18.300 4.600 20.500 9.100 20.500c5.900 0 9.800-3.400 9.800-6.100 0-1.700-1.400-2.600-2-2.400zM20.700 5.500a5.600 5.600 0 0 0-5.300-1.700.8.8 0 0 0 .3 1.600 4 4 0 0 1 4.600 5.100.8.8 0 0 0 1.500.5 5.600 5.600 0 0 0-1.100-5.500zM8.800 12.800c-1.900-.5-4 .5-4.800 2.100-.8 1.700 0 3.600 1.900 4.200 2 .6 4.300-.3 5.100-2.200.8-1.800-.2-3.700-2.200-4.100z',
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
  const attempts = createAttempts()
  const parts = { settings, tools, api, budget, calls, own, people, attempts }
  const reading = () => ({ own: own.uid(), at: tools.now(), personOf: people.of })

  return {
    webhook: (request, receivedAt) => takePush(parts, request, receivedAt),
    streams: () => streamsOf(settings),
    poll: (at, signal) => poll(parts, at, signal),
    reread: (raw) => parse(raw, reading()),
    send(reply) {
      attempts.begin(reply.deliveryId, tools.now())
      return send(parts, reply)
    },
    findSent: (reply) => findSent(parts, reply),
    sameText,
    download: (media, signal) => download(parts, media, signal),
    check: createCheck(parts),
  }
}

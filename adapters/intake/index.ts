import { type Account, type Connection, defineAdapter } from '#channel/adapter.ts'
import type { Tools } from '#channel/tools.ts'
import { capabilities, capabilitiesOf } from './capabilities.ts'
import { check } from './check.ts'
import { download } from './download.ts'
import { enter, entryForm } from './entry.ts'
import { createForm } from './form/form.ts'
import { createLimit } from './limits.ts'
import { parse } from './parse.ts'
import { problem } from './problem.ts'
import { receive } from './receive.ts'
import { send } from './send.ts'
import { type Settings, settings } from './settings.ts'

const minute = 60_000

export const intake = defineAdapter<Settings>({
  channel: 'intake',
  title: { en: 'Intake', zh: '客服受理' },
  icon: {
    path: 'M6.6 10.8a15.2 15.2 0 0 0 6.6 6.6l2.2-2.2a1 1 0 0 1 1-.25 11.4 11.4 0 0 0 3.6.57 1 1 0 0 1 1 1V20a1 1 0 0 1-1 1A17 17 0 0 1 3 4a1 1 0 0 1 1-1h3.5a1 1 0 0 1 1 1c0 1.25.2 2.45.57 3.57a1 1 0 0 1-.25 1z',
  },
  capabilities,
  capabilitiesOf,
  entryForm,
  settings,
  webhookLimits: { bodyBytes: 10 * 1024 * 1024, contentTypes: ['application/json', 'multipart/form-data'] },
  servesPages: true,
  connect,
})

function connect({ name, settings, webhookUrl }: Account<Settings>, tools: Tools): Connection {
  const limits = { posts: createLimit(600, minute), refusals: createLimit(60, minute) }
  const form = createForm({ name, settings })
  return {
    async webhook(request, receivedAt, caller) {
      const path = pathOf(request.url)
      if (settings.kind === 'form' && form.serves(path)) return form.webhook(path, request, receivedAt, caller)
      if (path !== '') return { events: [], response: problem(404, 'not_found', 'There is nothing here.') }
      if (request.method !== 'POST') {
        return { events: [], response: problem(405, 'method_not_allowed', 'Post here.', { allow: 'POST' }) }
      }
      return receive(settings, request, receivedAt, caller, limits)
    },
    reread: parse,
    enter: (entry) => enter(settings, entry),
    send: (reply) => send(settings, tools, reply),
    download: (media, signal) => download(tools, media, signal),
    async check() {
      const health = await check(settings, tools)
      // The page's address is what an administrator looks for next.
      return settings.kind === 'form' && webhookUrl ? { ...health, name: `${webhookUrl}/form` } : health
    },
  }
}

/** What stands behind `/webhooks/<account>/`. */
const pathOf = (url: string) => new URL(url).pathname.replace(/^\/webhooks\/[^/]+\/?/u, '')

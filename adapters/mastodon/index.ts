/** Mastodon: mentions come in by polling, answers are posts. */
import { type Account, type Connection, defineAdapter } from '#channel/adapter.ts'
import type { Tools } from '#channel/tools.ts'
import { createApi } from './api.ts'
import { capabilities } from './capabilities.ts'
import { check } from './check.ts'
import { download } from './download.ts'
import { findSent } from './find-sent.ts'
import { askWhoWeAre } from './me.ts'
import { parse } from './parse.ts'
import { poll } from './poll.ts'
import { send } from './send.ts'
import { type Settings, settings } from './settings.ts'

export const mastodon = defineAdapter<Settings>({
  channel: 'mastodon',
  title: { en: 'Mastodon', zh: 'Mastodon 长毛象' },
  icon: {
    path: 'M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM7 7v7h2v-4l3 3 3-3v4h2V7h-1.5L12 10.5 8.5 7z',
  },
  capabilities,
  settings,
  connect,
})

function connect({ settings }: Account<Settings>, tools: Tools): Connection {
  const api = createApi(settings, tools)
  // A token belongs to one account for good; new settings make a new connection.
  let ownId: string | null = null
  async function me(signal?: AbortSignal): Promise<string> {
    ownId ??= (await askWhoWeAre(api, tools, signal)).id
    return ownId
  }

  return {
    streams: () => ['mentions'],
    poll: async (at, signal) => poll(api, tools, await me(signal), at, signal),
    reread: parse,
    send: (reply) => send(api, tools, reply),
    findSent: async (reply) => findSent(api, tools, await me(), reply),
    download: (media, signal) => download(settings, tools, media, signal),
    check: () => check(api, tools, settings.server),
  }
}

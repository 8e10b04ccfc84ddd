/** Feeds: RSS, Atom, RDF and JSON Feed. What is published becomes a message; nothing can be answered through them. */
import { type Account, type Connection, defineAdapter } from '#channel/adapter.ts'
import type { Tools } from '#channel/tools.ts'
import { capabilities } from './capabilities.ts'
import { check, checkEveryMs } from './check.ts'
import { download } from './download.ts'
import { parse } from './parse.ts'
import { createPoller, streamsOf } from './poll.ts'
import { send } from './send.ts'
import { type Settings, settings } from './settings.ts'

export const feed = defineAdapter<Settings>({
  channel: 'feed',
  title: { en: 'Feed (RSS, Atom, JSON)', zh: '订阅源（RSS、Atom、JSON）' },
  icon: {
    path: 'M6.500 15.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5zM4 9.500v3.200c4.300 0 7.800 3.500 7.800 7.800H15c0-6.100-4.900-11-11-11zM4 3.500v3.200c7.600 0 13.800 6.200 13.800 13.800H21c0-9.400-7.600-17-17-17z',
  },
  capabilities,
  settings,
  // Most of what a feed brings needs no answer.
  intake: 'watch',
  checkEveryMs,
  connect,
})

function connect({ settings }: Account<Settings>, tools: Tools): Connection {
  const poller = createPoller(settings, tools)
  return {
    streams: () => streamsOf(settings),
    poll: (at, signal) => poller.poll(at, signal),
    reread: (raw) => parse(raw, tools.now()),
    send,
    download: (media, signal) => download(settings, tools, media, signal),
    check: () => check(settings, tools),
  }
}

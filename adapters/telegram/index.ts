/** Telegram through the Bot API: private chats, groups, channels, connected business accounts. */
import { type Account, type Connection, defineAdapter } from '#channel/adapter.ts'
import type { Tools } from '#channel/tools.ts'
import { createBotApi } from './api.ts'
import { capabilities } from './capabilities.ts'
import { check } from './check.ts'
import { edit, remove } from './edit.ts'
import { createExplain } from './explain.ts'
import { ApiFailure } from './failure.ts'
import { createFloodWatch } from './flood.ts'
import { placeOf } from './ids.ts'
import { download } from './media.ts'
import { createMemory } from './memory.ts'
import { createNotes } from './notes.ts'
import { parseUpdate } from './parse.ts'
import { poll } from './poll.ts'
import { readErrorOf } from './read-error.ts'
import { release } from './release.ts'
import { createSend, destination } from './send.ts'
import { type Settings, settings } from './settings.ts'
import { readBody, verify } from './verify.ts'

export const telegram = defineAdapter<Settings>({
  channel: 'telegram',
  title: { en: 'Telegram', zh: 'Telegram' },
  icon: {
    path: 'M21.6 3.2 2.5 10.6c-.9.3-.8 1.5.1 1.8l4.6 1.4 1.8 5.5c.2.8 1.2 1 1.8.4l2.6-2.5 4.7 3.4c.6.5 1.5.1 1.6-.6L23 4.3c.1-.8-.7-1.4-1.4-1.1zM9.6 13.3l8.2-5.8-6.3 6.9-.3 3.1-1.6-4.2z',
  },
  capabilities,
  settings,
  connect,
})

function connect(account: Account<Settings>, tools: Tools): Connection {
  const { settings } = account
  const api = createBotApi(settings, tools)
  const notes = createNotes(tools)
  const memory = createMemory(api, tools, notes)
  const floods = createFloodWatch()
  const explain = createExplain(tools, floods)
  const options = { timeoutMs: capabilities.timeoutMs.call }

  return {
    async webhook(request) {
      verify(request, settings.secret)
      const update = await readBody(request)
      await memory.learn(update)
      const events = parseUpdate(update, tools.now(), memory.known)
      return { events, response: new Response(null, { status: 200 }) }
    },
    // A token of another bot is another stream: the old bot's offset would confirm the new one's posts unread.
    streams: () => (settings.mode === 'polling' ? [`updates:${settings.token.split(':')[0]}`] : []),
    poll: (at, signal) => poll(api, tools, memory, at, signal),
    reread: (raw) => parseUpdate(raw, tools.now(), memory.known),
    send: createSend({ api, tools, memory, floods, explain }),
    async acknowledge(event) {
      if (event.type !== 'signal' || event.kind !== 'callback_query') return
      const callback_query_id = event.externalId.replace(/^callback:/u, '')
      try {
        await api.call('answerCallbackQuery', { callback_query_id }, options)
      } catch (error) {
        // Too late, or answered by another node: nobody waits for it any more.
        if (!(error instanceof ApiFailure && error.code === 400)) throw readErrorOf(error, tools)
      }
    },
    async typing(thread) {
      const place = placeOf(thread.externalId)
      if (!place) return
      try {
        await api.call('sendChatAction', { ...destination(place), action: 'typing' }, options)
      } catch (error) {
        if (!(error instanceof ApiFailure)) throw error
        tools.log.debug({ failure: error.kind, code: error.code }, 'telegram: typing was not shown')
      }
    },
    edit: (target, text) => edit(api, explain, target, text),
    remove: (target) => remove(api, explain, target),
    download: (media, signal) => download(api, tools, media, signal),
    check: () => check(api, tools, account, notes),
    release: () => release(api, account),
  }
}

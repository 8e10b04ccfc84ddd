/** A personal WeChat account through wechaty: direct chats and groups, by any puppet. The README says why another way is better. */
import { type Account, type Connection, defineAdapter } from '#channel/adapter.ts'
import { ReadError } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import { capabilities } from './capabilities.ts'
import { createListener } from './listen.ts'
import { parse } from './parse.ts'
import { isInstalled, makePuppet } from './puppet-package.ts'
import { sameText, send } from './send.ts'
import type { MakePuppet } from './session.ts'
import { type Settings, settings } from './settings.ts'
import { check } from './standing.ts'
import { notInstalled, texts } from './texts.ts'

export const wechaty = defineAdapter<Settings>({
  channel: 'wechaty',
  title: { en: 'WeChat (personal account)', zh: '微信个人号（wechaty）' },
  icon: {
    path: 'M9.5 4C5.4 4 2 6.8 2 10.2c0 1.9 1.1 3.7 2.8 4.8l-.7 2.2 2.5-1.3c.9.2 1.8.4 2.7.4-.1-.4-.2-.9-.2-1.3 0-3.3 3.1-6 7-6h.4C15.800 6.100 12.900 4 9.500 4zM7 9.300a1 1 0 1 1 0-2 1 1 0 0 1 0 2zm5 0a1 1 0 1 1 0-2 1 1 0 0 1 0 2zM22 15.100c0-2.800-2.700-5.100-6-5.100s-6 2.300-6 5.100 2.700 5.100 6 5.100c.7 0 1.400-.1 2-.3l2 1.100-.6-1.800c1.600-.9 2.600-2.400 2.600-4.100z',
  },
  capabilities,
  settings,
  // It asks nobody, it reads what the listening server wrote.
  checkEveryMs: 5 * 60_000,
  connect: (account, tools) => connectWith(makePuppet, account, tools),
})

/** `make` is another one in tests, which bring their puppet. */
export function connectWith(make: MakePuppet, account: Account<Settings>, tools: Tools): Connection {
  const listener = createListener(account, tools, make)
  return {
    listen: (deliver, signal) => listener.listen(deliver, signal),
    reread: parse,
    send: (reply) => send(listener, tools, reply),
    sameText,
    async download({ reference }) {
      const session = listener.session()
      if (!session) throw new ReadError('later', { text: texts.fileElsewhere })
      return await session.files.open(String(reference.messageId))
    },
    async check() {
      const { puppet } = account.settings
      if (!isInstalled(puppet)) return { state: 'warning', text: notInstalled(puppet) }
      return await check(listener.board, tools)
    },
  }
}

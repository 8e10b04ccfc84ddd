/** Is the token good, and whose is it? */
import type { Health, Tools } from '#channel/tools.ts'
import type { WeiboApi } from './api.ts'
import { type Budget, exhaustedText } from './budget.ts'
import type { Calls } from './calls.ts'
import { meaningOf } from './codes.ts'
import { ApiFailure } from './failure.ts'
import { type Own, uidIn } from './own.ts'
import { field } from './plain-text.ts'
import type { Settings } from './settings.ts'

/** Four calls of a hundred. */
export const checkEveryMs = 6 * 3_600_000

export interface CheckParts {
  readonly settings: Settings
  readonly tools: Tools
  readonly api: WeiboApi
  readonly budget: Budget
  readonly calls: Calls
  readonly own: Own
}

/** https://open.weibo.com/wiki/2/account/get_uid, read 2026-11-24 */
export function createCheck(parts: CheckParts): () => Promise<Health> {
  const { settings, budget, calls, own } = parts
  let name: string | null = null
  return async () => {
    const until = (await budget.closed()).calls
    // Nothing is asked when it is known that nothing would be answered.
    if (until) return healthy('warning', name, exhaustedText(until, settings))
    try {
      const uid = uidIn(await ask(parts, 'account/get_uid', {}))
      await calls.accepted()
      if (uid !== null && settings.uid !== '' && uid !== settings.uid) {
        return healthy('warning', name, {
          en: `The token is of another account, ${uid}. Set that account’s uid, or this one’s token.`,
          zh: `该令牌属于另一个账号（UID ${uid}）。请改填对应的 UID 或令牌。`,
        })
      }
      if (uid !== null) own.learn(uid)
      // Once a start: names seldom change, and calls are few.
      name ??= uid === null ? null : nameIn(await ask(parts, 'users/show', { uid }))
      const { reads } = await budget.closed()
      const trouble = reads ? exhaustedText(reads, settings) : calls.trouble()
      return trouble ? healthy('warning', name ?? uid, trouble) : healthy('ok', name ?? uid)
    } catch (error) {
      const explained = await calls.explain(error)
      return healthy(explained.reason === 'credentials' ? 'refused' : 'warning', name, explained.text)
    }
  }
}

/**
 * Counted afterwards: an account whose token is refused is checked every few minutes, and must not find the day's calls used up
 * when it gets a new one. [U] that Weibo does not count calls whose token it refuses.
 */
async function ask({ api, tools }: CheckParts, path: string, params: Record<string, string>): Promise<unknown> {
  try {
    const answer = await api.get(path, params)
    await tools.usage.add('call', 1)
    return answer
  } catch (error) {
    const refused = error instanceof ApiFailure && error.code !== null && meaningOf(error.code)?.kind === 'credentials'
    const left = error instanceof ApiFailure && error.kind !== 'not_sent'
    if (left && !refused) await tools.usage.add('call', 1)
    throw error
  }
}

function healthy(state: Health['state'], name: string | null, text?: Health['text']): Health {
  return { state, ...(name === null ? {} : { name }), ...(text ? { text } : {}) }
}

function nameIn(user: unknown): string | null {
  const name = field(user, 'screen_name') ?? field(user, 'name')
  return typeof name === 'string' && name.trim() !== '' ? `@${name.trim().slice(0, 60)}` : null
}

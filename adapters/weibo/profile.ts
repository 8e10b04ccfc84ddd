/** Whose private message is it? Pushes tell an id alone. Asked once a person, briefly, and only for what reading may use. */
import type { InboundEvent } from '#channel/events.ts'
import type { WeiboApi } from './api.ts'
import type { Budget } from './budget.ts'
import { ApiFailure } from './failure.ts'
import type { People } from './own.ts'
import { field } from './plain-text.ts'

/** Weibo waits 5 seconds for the answer to its push. */
const timeoutMs = 1500

/** https://open.weibo.com/wiki/2/eps/user/info, read 2026-11-24: `nickname`, `headimgurl`. [U] the names of its fields. */
export async function learnPerson(
  { api, budget, people }: { api: WeiboApi; budget: Budget; people: People },
  events: readonly InboundEvent[],
): Promise<void> {
  const [event] = events
  const uid = event?.type === 'message' ? event.message.author.externalId : null
  if (uid === null || people.of(uid) !== null) return
  if ((await budget.take('read')) !== null) return
  try {
    const person = await api.get('eps/user/info', { uid }, { timeoutMs })
    const name = ['nickname', 'screen_name', 'name']
      .map((key) => field(person, key))
      .find(isName)
      ?.trim()
    const face = ['headimgurl_large', 'headimgurl'].map((key) => field(person, key)).find(isAddress) ?? null
    if (name) people.remember({ externalId: uid, name, handle: name, avatarUrl: face, followers: null })
  } catch (error) {
    // The message is shown with the id then.
    if (!(error instanceof ApiFailure)) throw error
  }
}

const isAddress = (value: unknown): value is string => typeof value === 'string' && /^https?:\/\//u.test(value)
const isName = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

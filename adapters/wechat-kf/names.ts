/**
 * What customers are called. Best effort: a name that cannot be had holds up no message.
 * https://developer.work.weixin.qq.com/document/path/95159, as known on 2026-11-24
 */
import type { InboundEvent } from '#channel/events.ts'
import type { Tools } from '#channel/tools.ts'
import type { Api } from './api.ts'
import { WeComFailure } from './failure.ts'
import { fieldsOf, textOf } from './types.ts'

/** "1 to 100 a call". */
const batch = 100
/** A limit that is told nowhere; names are not worth more. */
const callsAnHour = 300
const hourMs = 3_600_000
const goodMs = 24 * hourMs
const maxKept = 5000
const timeoutMs = 4000

interface Person {
  readonly name: string | null
  readonly avatarUrl: string | null
  readonly until: number
}

export type Names = ReturnType<typeof createNames>

export function createNames(api: Api, tools: Pick<Tools, 'now' | 'usage'>) {
  const kept = new Map<string, Person>()

  function keep(id: string, name: string | null, avatarUrl: string | null, now: number): void {
    // Who was told no name is asked for again soon.
    kept.delete(id)
    kept.set(id, { name, avatarUrl, until: now + (name === null ? hourMs : goodMs) })
    for (const oldest of kept.keys()) if (kept.size > maxKept) kept.delete(oldest)
  }

  async function ask(ids: readonly string[], signal: AbortSignal): Promise<void> {
    const now = tools.now().getTime()
    if (!(await tools.usage.add('profile', 1, { within: { since: new Date(now - hourMs), max: callsAnHour } }))) return
    const body = { external_userid_list: ids, need_enter_session_context: 0 }
    const { customer_list } = await api.post('kf/customer/batchget', body, { signal, timeoutMs })
    for (const id of ids) keep(id, null, null, now)
    for (const customer of Array.isArray(customer_list) ? customer_list.map(fieldsOf) : []) {
      const avatar = textOf(customer.avatar)
      const id = textOf(customer.external_userid)
      if (!ids.includes(id)) continue
      keep(id, textOf(customer.nickname).trim() || null, /^https?:\/\//u.test(avatar) ? avatar : null, now)
    }
  }

  return async (events: readonly InboundEvent[], signal: AbortSignal): Promise<readonly InboundEvent[]> => {
    const now = tools.now().getTime()
    const authors = events.flatMap((event) => (event.type === 'message' ? [event.message.author.externalId] : []))
    const missing = [...new Set(authors)].filter((id) => (kept.get(id)?.until ?? 0) <= now)
    for (let start = 0; start < missing.length; start += batch) {
      try {
        await ask(missing.slice(start, start + batch), signal)
      } catch (error) {
        if (!(error instanceof WeComFailure)) throw error
        break
      }
    }
    return events.map((event) => {
      if (event.type !== 'message') return event
      const { author } = event.message
      const person = kept.get(author.externalId)
      if (!person?.name) return event
      const named = { ...author, name: person.name, isNamed: true, avatarUrl: person.avatarUrl }
      return { ...event, message: { ...event.message, author: named } }
    })
  }
}

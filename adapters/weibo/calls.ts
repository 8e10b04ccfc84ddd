/** Calls that the budget allows, and what their failures mean for reading. */
import { createHash } from 'node:crypto'
import { type Bilingual, ReadError } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import type { CallOptions, Params, WeiboApi } from './api.ts'
import { type Budget, clock, exhaustedText, nextHour, windowOf } from './budget.ts'
import { meaningOf, outOfOrderText, unknownCode, unreachableText, unreadText, type Wait } from './codes.ts'
import { ApiFailure } from './failure.ts'
import type { Settings } from './settings.ts'

/** What does not mend itself within minutes is not asked for every minute. */
const settledMs = 3_600_000

export interface Calls {
  /** One call that reads. Rejects with {@link ReadError}. */
  read(name: string, params: Params, options: CallOptions & { readonly purpose: 'read' | 'reply' }): Promise<unknown>
  /** The error that a failed call is for a reader; makes note of a used-up budget and of a refused token. */
  explain(error: unknown): Promise<ReadError>
  /** A check was answered: the token is good. */
  accepted(): Promise<void>
  /** What some interface refuses while others go on: no permission for mentions, for example. */
  trouble(): Bilingual | null
  /** What sending private messages came to: with a token of its own it may be refused while all else goes on. */
  pushed(refusal: Bilingual | null): void
}

export function createCalls(settings: Settings, tools: Tools, api: WeiboApi, budget: Budget): Calls {
  // A new token begins without the old one's refusal.
  const refused = `refused:${createHash('sha256').update(settings.accessToken).digest('hex').slice(0, 10)}`

  const troubles = new Map<string, Bilingual>()

  async function explain(error: unknown): Promise<ReadError> {
    if (error instanceof ReadError) return error
    if (!(error instanceof ApiFailure)) throw error
    const cause = error
    if (error.kind === 'not_sent' || error.kind === 'no_answer') {
      return new ReadError('later', { text: unreachableText, cause })
    }
    if (error.kind === 'unreadable') return new ReadError('later', { text: unreadText, cause })
    const meaning = error.code === null ? null : meaningOf(error.code)
    const settled = new Date(tools.now().getTime() + settledMs)
    // A page of some server in between says nothing about what is to come.
    if (error.code === null) return new ReadError('later', { text: unknownCode(null), cause })
    if (!meaning) return new ReadError('later', { text: unknownCode(error.code), cause, after: settled })
    if (meaning.kind === 'credentials') {
      await tools.state.set(refused, String(error.code))
      return new ReadError('credentials', { text: meaning.text, cause })
    }
    if (meaning.kind === 'retry') {
      const after = waitUntil(meaning.wait, tools.now())
      if (!after) return new ReadError('later', { text: meaning.text, cause })
      if (error.code !== 10024) await budget.exhausted(after)
      const text = meaning.wait === 'day' ? exhaustedText(after, settings) : saying(meaning.text, after)
      return new ReadError('later', { text, cause, after })
    }
    if (meaning.kind !== 'rejected') return new ReadError('later', { text: outOfOrderText, cause })
    return new ReadError('later', { text: meaning.text, cause, after: settled })
  }

  return {
    async read(name, params, { purpose, ...options }) {
      // The others of this account need not ask what one was told: only a check finds out that it is mended.
      const code = await tools.state.get(refused)
      const known = code === null ? null : meaningOf(Number(code))
      if (known?.kind === 'credentials') throw new ReadError('credentials', { text: known.text })
      const until = await budget.take(purpose)
      if (until) throw new ReadError('later', { text: exhaustedText(until, settings), after: until })
      try {
        const answer = await api.get(name, params, options)
        troubles.delete(name)
        return answer
      } catch (error) {
        const explained = await explain(error)
        if (isLasting(error)) {
          const { en, zh } = explained.text
          troubles.set(name, { en: `${name}: ${en}`, zh: `${name}：${zh}` })
        }
        throw explained
      }
    },
    explain,
    trouble: () => troubles.values().next().value ?? null,
    pushed(refusal) {
      if (refusal) troubles.set('messages/reply', refusal)
      else troubles.delete('messages/reply')
    },
    accepted: async () => {
      if ((await tools.state.get(refused)) !== null) await tools.state.delete(refused)
    },
  }
}

function isLasting(error: unknown): boolean {
  const code = error instanceof ApiFailure ? error.code : null
  return code !== null && meaningOf(code)?.kind === 'rejected'
}

/** Null: the core's own pauses. */
export function waitUntil(wait: Wait, now: Date): Date | null {
  switch (wait) {
    case 'core':
      return null
    case 'two-minutes':
      return new Date(now.getTime() + 120_000)
    case 'hour':
      return nextHour(now)
    case 'day':
      return windowOf(now).until
  }
}

const saying = (text: { en: string; zh: string }, after: Date) => ({
  en: `${text.en} It goes on at ${clock(after)}, Beijing time.`,
  zh: `${text.zh}将于北京时间 ${clock(after)} 继续。`,
})

/**
 * One count for all calls of the account. Weibo counts from midnight to midnight in Beijing — [U], an assumption that is
 * made here and nowhere else. https://open.weibo.com/wiki/Rate-limiting, read 2026-11-24
 */
import type { Bilingual } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import type { Settings } from './settings.ts'

const dayMs = 86_400_000
const beijingMs = 8 * 3_600_000

/** Midnight in Beijing is a whole hour everywhere Huixin counts: 16:00 UTC. */
export function windowOf(now: Date): { readonly since: Date; readonly until: Date } {
  const since = Math.floor((now.getTime() + beijingMs) / dayMs) * dayMs - beijingMs
  return { since: new Date(since), until: new Date(since + dayMs) }
}

export const nextHour = (now: Date): Date => new Date((Math.floor(now.getTime() / 3_600_000) + 1) * 3_600_000)

export interface Budget {
  /**
   * Room for one call, taken; or when there is room again. Reading leaves what is kept for replies; replies may use it all.
   * Nothing but Weibo's own answer holds back `free`: private messages, which another limit counts.
   */
  take(purpose: 'read' | 'reply' | 'free'): Promise<Date | null>
  /** Weibo said itself that nothing goes until then. */
  exhausted(until: Date): Promise<void>
  /** When a list is to be read next: what is left for reading is spread over what is left of the day by `lists` lists. */
  nextRead(lists: number): Promise<Date>
  /** Until when nothing can be called, and nothing read; null: there is room. */
  closed(): Promise<{ readonly calls: Date | null; readonly reads: Date | null }>
}

/** Shared by all nodes. Milliseconds: short, and so not taken for a secret. */
const key = 'exhausted-until'

export function createBudget(
  settings: Pick<Settings, 'dailyCalls' | 'reservedCalls' | 'pollSeconds'>,
  { usage, state, now }: Pick<Tools, 'usage' | 'state' | 'now'>,
): Budget {
  const { dailyCalls, reservedCalls, pollSeconds } = settings
  const forReads = dailyCalls - reservedCalls

  async function closedUntil(): Promise<Date | null> {
    const until = Number(await state.get(key))
    return until > now().getTime() ? new Date(until) : null
  }

  async function leftNow() {
    const { since, until } = windowOf(now())
    const [called, read] = await Promise.all([usage.count('call', since), usage.count('read', since)])
    const calls = dailyCalls - called
    return { until, left: { calls, reads: Math.min(forReads - read, calls) } }
  }

  return {
    async take(purpose) {
      const { since, until } = windowOf(now())
      if (purpose === 'free') {
        await usage.add('call', 1)
        return null
      }
      const closed = await closedUntil()
      if (closed) return closed
      // Two counts: replies must not eat into what is left for reading before the whole day's calls are gone.
      if (purpose === 'read' && !(await usage.add('read', 1, { within: { since, max: forReads } }))) return until
      return (await usage.add('call', 1, { within: { since, max: dailyCalls } })) ? null : until
    },
    exhausted: (until) => state.set(key, String(until.getTime())),
    async nextRead(lists) {
      const at = now()
      const { left, until } = await leftNow()
      // With nothing left the next read is refused at once, without a call, and says so.
      const shareMs = left.reads <= 0 ? 0 : ((until.getTime() - at.getTime()) * lists) / left.reads
      return new Date(at.getTime() + Math.max(pollSeconds * 1000, Math.ceil(shareMs)))
    },
    async closed() {
      const [{ left, until }, closed] = await Promise.all([leftNow(), closedUntil()])
      return { calls: closed ?? (left.calls <= 0 ? until : null), reads: closed ?? (left.reads <= 0 ? until : null) }
    },
  }
}

/** For the administrator: what is used up, and when it goes on. */
export function exhaustedText(until: Date, { dailyCalls, reservedCalls }: Settings): Bilingual {
  const time = clock(until)
  return {
    en: `Today’s calls to Weibo are used up (${dailyCalls} a day, ${reservedCalls} of them kept for replies). Reading goes on at ${time}, Beijing time.`,
    zh: `今日的微博调用次数已用完（每天 ${dailyCalls} 次，其中 ${reservedCalls} 次为回复保留），将于北京时间 ${time} 继续读取。`,
  }
}

/** 00:00 in Beijing, with the day. */
export function clock(at: Date): string {
  const beijing = new Date(at.getTime() + beijingMs).toISOString()
  return `${beijing.slice(5, 10)} ${beijing.slice(11, 16)}`
}

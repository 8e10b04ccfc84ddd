/** How long X asks to wait, and who has to. */
import type { Bilingual } from '#channel/errors.ts'
import type { ApiFailure } from './failure.ts'
import { busyText } from './refusals.ts'

export interface Wait {
  /** `quota`: money or a cap, which no quarter of an hour gives back. */
  readonly code: 'rate_limited' | 'quota'
  readonly text: Bilingual
  /** Null: X does not say. */
  readonly after: Date | null
  readonly scope: 'thread' | 'account'
}

/** Null when the refusal is another one. */
export function waitOf({ status, problem, limits }: ApiFailure, now: Date): Wait | null {
  const { type, words, codes } = problem
  // A cap, whatever its status: 429 in the documentation, also seen with 402 and 403.
  if (type === 'usage-capped' || /usage ?cap|cap exceeded/iu.test(words)) {
    const monthly = /month/iu.test(words)
    return {
      code: 'quota',
      text: monthly ? monthText : dayText,
      after: monthly ? nextMonth(now) : nextDay(now),
      scope: 'account',
    }
  }
  if (status === 402 || /credits? ?depleted|spend(ing)? ?limit|insufficient credit/iu.test(words)) {
    return { code: 'quota', text: creditsText, after: new Date(now.getTime() + 3_600_000), scope: 'account' }
  }
  // 88: https://developer.x.com/en/support/x-api/error-troubleshooting, read 2026-11-24
  if (status !== 429 && status !== 420 && !codes.includes(88)) return null
  if (limits?.dayResetAt)
    return { code: 'rate_limited', text: dayLimitText, after: limits.dayResetAt, scope: 'account' }
  // Posts and messages are counted apart: one that is used up does not stop the other.
  const after = limits && limits.resetAt > now ? limits.resetAt : null
  return { code: 'rate_limited', text: busyText, after, scope: 'thread' }
}

function nextDay(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1))
}

function nextMonth(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))
}

const dayText = {
  en: "The app's cap at X is used up; X opens it again at the next day, 00:00 UTC. It can be raised in the developer console.",
  zh: '应用在 X 的用量上限已用完，将于次日 00:00（UTC）恢复。可在开发者控制台提高上限。',
}
const monthText = {
  en: "The app's monthly cap at X is used up until the first of next month (UTC). It can be raised in the developer console.",
  zh: '应用在 X 的月度用量上限已用完，将于下月 1 日（UTC）恢复。可在开发者控制台提高上限。',
}
const creditsText = {
  en: 'The X developer account has no credits left, or reached its spending limit. Add credits in the developer console.',
  zh: 'X 开发者账号的额度已用完或达到消费上限。请在开发者控制台充值。',
}
const dayLimitText = {
  en: "The day's limit of X is used up; X says when it opens again.",
  zh: 'X 的每日限额已用完，需等待其恢复。',
}

/** How an account stands, and what somebody should look at. Pure. */
import type { AccountGlance } from '../api/wire.ts'
import type { Standing } from './search.ts'

/** Replies that wait so long, with nobody pausing them, are worth a look. */
const slowMs = 10 * 60_000
/** Credentials that end sooner are to be renewed now. */
const soonMs = 7 * 86_400_000
/** So much of a quota used is worth a look. */
export const nearlyUsed = 0.8

export type Concern = 'health' | 'unserved' | 'ended' | 'ends' | 'unread' | 'doubt' | 'failed' | 'quota' | 'slow'

/** What is not as it should be, the worst first. */
export function concernsOf(account: AccountGlance, now: number): Concern[] {
  const { health, served, credentials, unread, inDoubt, failed, quotas, queued } = account
  const left = credentials && !credentials.renews ? Date.parse(credentials.until) - now : Number.POSITIVE_INFINITY
  const found: [Concern, boolean][] = [
    ['health', health.state !== 'ok'],
    ['unserved', !served],
    ['ended', left <= 0],
    ['ends', left > 0 && left < soonMs],
    ['doubt', inDoubt > 0],
    ['failed', failed > 0],
    ['unread', unread > 0],
    ['quota', quotas.some(({ used, max }) => used >= max * nearlyUsed)],
    ['slow', !isPaused(account) && queued.oldest !== null && now - Date.parse(queued.oldest) > slowMs],
  ]
  return found.filter(([, is]) => is).map(([concern]) => concern)
}

export const isPaused = ({ hold, pausedUntil }: Pick<AccountGlance, 'hold' | 'pausedUntil'>) =>
  hold !== null || pausedUntil !== null

export function standsAs(account: AccountGlance, standing: Standing, now: number): boolean {
  if (standing === 'all') return true
  if (standing === 'paused') return isPaused(account)
  const troubled = concernsOf(account, now).length > 0
  return standing === 'trouble' ? troubled : !troubled && !isPaused(account)
}

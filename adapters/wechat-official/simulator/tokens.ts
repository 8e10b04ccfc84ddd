/** The stable token, as https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken tells it. */
import { randomBytes } from 'node:crypto'
import { outsideWhitelist, refusals } from './refusal.ts'
import type { Clock, IssuedToken, SimulatedAccount } from './state.ts'

const lifeMs = 7200_000
const earlyMs = 300_000
const dayMs = 86_400_000

export function issueToken(account: SimulatedAccount, clock: Clock, body: Readonly<Record<string, unknown>>): object {
  if (body.grant_type !== 'client_credential') throw refusals.json
  if (body.appid !== account.appId) throw refusals.appId
  if (body.secret !== account.appSecret) throw refusals.secret
  if (account.refusedIp !== null) throw outsideWhitelist(account.refusedIp)
  const now = clock.now()
  const isFresh = account.current !== null && account.current.expiresAt - earlyMs > now
  if (body.force_refresh === true) {
    account.forcedAt = account.forcedAt.filter((at) => at > now - dayMs)
    if (account.forcedAt.length >= 20) throw refusals.day
    // Too soon after the last one: the token that is there is given again.
    if (!account.forcedAt.some((at) => at > now - 30_000)) {
      account.forcedAt.push(now)
      account.previous = null
      account.current = newToken(account, now)
    }
  } else if (!isFresh) {
    account.previous = account.current
    account.current = newToken(account, now)
  }
  account.current ??= newToken(account, now)
  const { value, expiresAt } = account.current
  return { access_token: value, expires_in: Math.floor((expiresAt - now) / 1000) }
}

function newToken(account: SimulatedAccount, now: number): IssuedToken {
  account.tokensIssued += 1
  return { value: `99_${randomBytes(96).toString('base64url')}`, expiresAt: now + lifeMs }
}

export function checkToken(account: SimulatedAccount, clock: Clock, given: string | null): void {
  if (!given) throw refusals.noToken
  const known = [account.current, account.previous].find((token) => token?.value === given)
  if (!known) throw refusals.credential
  if (known.expiresAt <= clock.now()) throw refusals.expired
  if (account.refusedIp !== null) throw outsideWhitelist(account.refusedIp)
}

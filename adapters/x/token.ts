/**
 * OAuth 2: an access token is good for two hours, and the refresh token that brings the next one is good once. So one
 * caller on one node refreshes, and what it got is stored before anybody uses it. A refresh token used twice ends the
 * sign-in for good. https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code, read 2026-11-24
 */
import { z } from 'zod'
import { ReadError } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import { type Caller, callX } from './api.ts'
import { ApiFailure } from './failure.ts'
import { accountRefusal } from './refusals.ts'
import { credentialsName, type Settings } from './settings.ts'
import { waitOf } from './waiting.ts'

export interface Tokens {
  /** A token that is good; `stale` is one that X has just refused. */
  get(stale?: string): Promise<string>
  /** How long the one that was used last is good; null: none was. */
  until(): Date | null
}

const Stored = z.object({ accessToken: z.string(), refreshToken: z.string(), expiresAt: z.number() })
type Stored = z.infer<typeof Stored>

const Granted = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number().positive().catch(7200),
})

/** Not used in its last minute: it must still be good when the call arrives. */
const spareMs = 60_000

export function createTokens(settings: Settings, tools: Tools): Tokens {
  // Another refresh token in the settings is another sign-in.
  const key = `oauth2:${credentialsName(settings)}`
  let known: Stored | null = null
  let underWay: Promise<Stored> | null = null

  const isGood = ({ accessToken, expiresAt }: Stored, stale: string | undefined) =>
    accessToken !== stale && expiresAt - spareMs > tools.now().getTime()

  function renew(stale: string | undefined): Promise<Stored> {
    return tools.state.exclusive(key, async (current) => {
      const stored = current === null ? null : read(current)
      // Another caller or node was first.
      if (stored && isGood(stored, stale)) return stored
      const fresh = await refresh(settings, tools, stored?.refreshToken ?? settings.refreshToken)
      await tools.state.set(key, JSON.stringify(fresh))
      return fresh
    })
  }

  return {
    async get(stale) {
      if (known && isGood(known, stale)) return known.accessToken
      underWay ??= renew(stale).finally(() => {
        underWay = null
      })
      try {
        known = await underWay
      } catch (error) {
        if (error instanceof ReadError) throw new ApiFailure('not_sent', 'another node is refreshing the token')
        throw error
      }
      return known.accessToken
    },
    until: () => known && new Date(known.expiresAt),
  }
}

async function refresh(settings: Settings, tools: Tools, refreshToken: string): Promise<Stored> {
  const { clientId, clientSecret } = settings
  const caller: Caller = clientSecret === '' ? { clientId } : { clientId, clientSecret }
  const { data } = await callX(tools, settings, caller, {
    method: 'POST',
    path: '/2/oauth2/token',
    // The library's own way writes JSON here, and loses a token that comes without a scope.
    form: 'url',
    body: { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId },
    request: '[refresh token]',
    summary: () => '[tokens]',
  }).catch((error: unknown) => {
    if (!(error instanceof ApiFailure)) throw error
    // Nothing of ours has left yet, whatever became of the refresh.
    if (error.kind !== 'refused') throw new ApiFailure('not_sent', `refresh: ${error.message}`)
    const { status, problem, limits } = error
    if (waitOf(error, tools.now()) || (status !== null && accountRefusal(status, problem))) throw error
    // Whatever the reason, it is the sign-in's, and says nothing about the call it was for.
    throw new ApiFailure('refused', `refresh: ${error.message}`, { status: 401, problem, limits })
  })
  const granted = Granted.safeParse(data)
  if (!granted.success) throw new ApiFailure('not_sent', 'refresh: an answer without a token')
  const { access_token: accessToken, refresh_token, expires_in } = granted.data
  return {
    accessToken,
    // Without the scope offline.access there is no next one.
    refreshToken: refresh_token ?? refreshToken,
    expiresAt: tools.now().getTime() + expires_in * 1000,
  }
}

function read(text: string): Stored | null {
  try {
    return Stored.parse(JSON.parse(text))
  } catch {
    return null // Written by another version: the settings' token is the beginning again.
  }
}

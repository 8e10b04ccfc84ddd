/**
 * The access token, one for all nodes. The stable kind: asking twice gives the same one, where the older kind makes the
 * previous one worthless with every call. https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken,
 * read 2026-11-24
 */
import { z } from 'zod'
import { ReadError } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import { failureOf, readAnswer } from './answer.ts'
import { beforeCall, WeChatFailure } from './failure.ts'
import type { Settings } from './settings.ts'

/** WeChat has the next one ready five minutes before the end; the old one is good until then. */
const earlyMs = 5 * 60_000
/** A forced renewal sooner after another one renews nothing, and there are 20 a day. */
const forcedApartMs = 30_000
const forcedADay = 20
const dayMs = 86_400_000
const timeoutMs = 6000

const Kept = z.object({
  token: z.string().min(1),
  /** When it is to be fetched anew. Milliseconds. */
  until: z.number(),
  /** When the last renewal was forced. */
  forcedAt: z.number().nullable(),
})
type Kept = z.infer<typeof Kept>

const Issued = z.object({ access_token: z.string().min(1).max(2000), expires_in: z.number().positive() })

export interface Tokens {
  /** Throws {@link WeChatFailure} with `beforeCall`. */
  current(signal?: AbortSignal): Promise<string>
  /** `refused` was refused: another one, which somebody else may have fetched meanwhile. */
  renew(refused: string, signal?: AbortSignal): Promise<string>
  /** Asks WeChat whether the credentials are right, whatever is kept. */
  prove(): Promise<void>
}

export function createTokens(settings: Settings, tools: Tools): Tokens {
  // Of this app alone: with the token of another one we would write to its followers.
  const key = `access_token:${settings.appId}`
  const isGood = (kept: Kept | null): kept is Kept => kept !== null && tools.now().getTime() < kept.until

  async function issue(kept: Kept | null, force: boolean, signal?: AbortSignal): Promise<string> {
    const forcedAt = force ? tools.now().getTime() : (kept?.forcedAt ?? null)
    // Before the call: without an answer we do not know whether it counted.
    if (force && kept) await tools.state.set(key, JSON.stringify({ ...kept, forcedAt }))
    const { appId, appSecret } = settings
    const response = await tools
      .fetch(`${rootOf(settings)}/cgi-bin/stable_token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          grant_type: 'client_credential',
          appid: appId,
          secret: appSecret,
          force_refresh: force,
        }),
        trust: 'settings',
        timeoutMs,
        ...(signal ? { signal } : {}),
      })
      .catch((error: unknown) => Promise.reject(failureOf(error)))
    const issued = Issued.safeParse(await readAnswer(response))
    if (!issued.success) throw new WeChatFailure('unreadable')
    const { access_token: token, expires_in } = issued.data
    const lifeMs = expires_in * 1000
    const until = tools.now().getTime() + Math.max(lifeMs - earlyMs, Math.min(lifeMs / 2, 60_000))
    await tools.state.set(key, JSON.stringify({ token, until, forcedAt } satisfies Kept))
    return token
  }

  async function mayForce(kept: Kept | null): Promise<void> {
    const now = tools.now().getTime()
    const next = (kept?.forcedAt ?? Number.NEGATIVE_INFINITY) + forcedApartMs
    if (next > now) throw new WeChatFailure('wait', { after: new Date(next) })
    const within = { since: new Date(now - dayMs), max: forcedADay }
    if (!(await tools.usage.add('token-renewal', 1, { within }))) {
      throw new WeChatFailure('wait', { after: new Date(now + dayMs / 24) })
    }
  }

  /** One node at a time; what the first one fetched serves the others. */
  async function exclusively(fn: (kept: Kept | null) => Promise<string>): Promise<string> {
    try {
      return await tools.state.exclusive(key, (stored) => fn(keptIn(stored)))
    } catch (error) {
      throw withoutToken(error)
    }
  }

  return {
    async current(signal) {
      const stored = await tools.state.get(key).catch((error: unknown) => Promise.reject(withoutToken(error)))
      const kept = keptIn(stored)
      if (isGood(kept)) return kept.token
      return exclusively(async (now) => (isGood(now) ? now.token : issue(now, false, signal)))
    },
    renew: (refused, signal) =>
      exclusively(async (kept) => {
        if (isGood(kept) && kept.token !== refused) return kept.token
        await mayForce(kept)
        return issue(kept, true, signal)
      }),
    async prove() {
      await exclusively((kept) => issue(kept, false))
    },
  }
}

/** Also when our own database is away: the call was not made, and that is what has to be said. */
function withoutToken(error: unknown): unknown {
  if (error instanceof WeChatFailure) return beforeCall(error)
  return new WeChatFailure(error instanceof ReadError ? 'wait' : 'not_sent', { beforeCall: true, cause: error })
}

export const rootOf = ({ apiRoot }: Pick<Settings, 'apiRoot'>): string => apiRoot.replace(/\/+$/u, '')

function keptIn(stored: string | null): Kept | null {
  if (stored === null) return null
  try {
    return Kept.safeParse(JSON.parse(stored)).data ?? null
  } catch {
    return null // Of another version: fetched anew.
  }
}

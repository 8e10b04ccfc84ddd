/**
 * The access token, one for all nodes. While one is good, asking again brings the same one.
 * https://developer.work.weixin.qq.com/document/path/91039, as known on 2026-11-24
 */
import { z } from 'zod'
import type { Tools } from '#channel/tools.ts'
import { readAnswer } from './answer.ts'
import { beforeCall, failureOf, WeComFailure } from './failure.ts'
import { rootOf, type Settings } from './settings.ts'

/** Renewed a little early: a call may be under way for a while. */
const earlyMs = 5 * 60_000
const timeoutMs = 6000

/** Milliseconds. */
const Kept = z.object({ token: z.string().min(1), until: z.number() })
type Kept = z.infer<typeof Kept>

const Issued = z.object({ access_token: z.string().min(1).max(2000), expires_in: z.coerce.number().positive() })

export interface Tokens {
  /** Throws {@link WeComFailure} with `beforeCall`. */
  current(signal?: AbortSignal): Promise<string>
  /** `refused` was refused: another one, which somebody else may have fetched meanwhile. */
  renew(refused: string, signal?: AbortSignal): Promise<string>
  /** Asks WeCom whether the credentials are right, whatever is kept. */
  prove(): Promise<void>
}

export function createTokens(settings: Settings, tools: Tools): Tokens {
  const { corpId, secret } = settings
  // Of this company alone: with another's token we would write to its customers.
  const key = `access_token:${corpId}`
  const isGood = (kept: Kept | null): kept is Kept => kept !== null && tools.now().getTime() < kept.until

  async function issue(signal?: AbortSignal): Promise<string> {
    const query = new URLSearchParams({ corpid: corpId, corpsecret: secret })
    const response = await tools
      .fetch(`${rootOf(settings)}/cgi-bin/gettoken?${query}`, {
        trust: 'settings',
        timeoutMs,
        ...(signal ? { signal } : {}),
      })
      .catch((error: unknown) => Promise.reject(failureOf(error)))
    const issued = Issued.safeParse(await readAnswer(response))
    if (!issued.success) throw new WeComFailure('unreadable')
    const { access_token: token, expires_in } = issued.data
    const lifeMs = expires_in * 1000
    const until = tools.now().getTime() + Math.max(lifeMs - earlyMs, Math.min(lifeMs / 2, 60_000))
    await tools.state.set(key, JSON.stringify({ token, until } satisfies Kept))
    return token
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
      return exclusively(async (now) => (isGood(now) ? now.token : issue(signal)))
    },
    renew: (refused, signal) =>
      exclusively(async (kept) => (isGood(kept) && kept.token !== refused ? kept.token : issue(signal))),
    async prove() {
      await exclusively(() => issue())
    },
  }
}

/** Also when our own database is away: the call was not made, and that is what has to be said. */
function withoutToken(error: unknown): unknown {
  if (error instanceof WeComFailure) return beforeCall(error)
  return new WeComFailure('not_sent', { beforeCall: true, cause: error })
}

function keptIn(stored: string | null): Kept | null {
  if (stored === null) return null
  try {
    return Kept.safeParse(JSON.parse(stored)).data ?? null
  } catch {
    return null // Of another version: fetched anew.
  }
}

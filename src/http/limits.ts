/**
 * Rate limits, kept in memory by each node: with n nodes an attacker has n times the tries, which changes nothing about
 * what can be guessed. Addresses are the peer's, or what a trusted proxy says; IPv6 counts by /64.
 */
import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refused } from '../problem.ts'

export interface Limits {
  /** Requests per minute and address to everything but webhooks and health: stops floods, not people. */
  readonly requests: number
  /** Tries to sign in per minute and address, right or wrong: each costs a password hash. */
  readonly signIns: number
  /** Wrong passwords per 15 minutes for one account, known or not. */
  readonly failuresPerAccount: number
  /** Wrong passwords or set-up codes per 15 minutes from one address. */
  readonly failuresPerAddress: number
}

export const defaultLimits: Limits = { requests: 12_000, signIns: 120, failuresPerAccount: 10, failuresPerAddress: 30 }

const minute = 60_000
const quarter = 15 * minute

export interface Limiter {
  /** Counts one. Throws 429 when there were too many. */
  count(request: FastifyRequest, key: string): Promise<void>
  /**
   * Runs `guess` and counts it only when it is refused. Throws 429 without running it when there were too many failures,
   * those still under way included: a hundred guesses at once get no further than a hundred in a row.
   */
  attempt<T>(request: FastifyRequest, key: string, guess: () => Promise<T>): Promise<T>
}

export interface Limiters {
  readonly requests: Limiter
  readonly signIns: Limiter
  readonly failuresPerAccount: Limiter
  readonly failuresPerAddress: Limiter
}

export async function limitRequests(app: FastifyInstance, given: Partial<Limits> = {}): Promise<Limiters> {
  const limits = { ...defaultLimits, ...given }
  // 50,000 keys: somebody with many addresses must not push an account's count out of memory quickly.
  await app.register(rateLimit, { global: false, cache: 50_000 })
  const limiters: Limiters = {
    requests: limiter(app, limits.requests, minute),
    signIns: limiter(app, limits.signIns, minute),
    failuresPerAccount: limiter(app, limits.failuresPerAccount, quarter),
    failuresPerAddress: limiter(app, limits.failuresPerAddress, quarter),
  }
  app.addHook('onRequest', async (request) => {
    // Platforms send bursts, and what they are refused they send again; health is asked by machines.
    if (/^\/(?:webhooks|health)(?:\/|$)/u.test(request.routeOptions.url ?? '')) return
    await limiters.requests.count(request, addressOf(request))
  })
  return limiters
}

/** What an address counts as. */
export const addressOf = (request: FastifyRequest): string => normalizeIP(request.ip)

function limiter(app: FastifyInstance, max: number, timeWindow: number): Limiter {
  // The plugin takes its key from the request alone; here the caller knows it (an account's e-mail address).
  const keys = new WeakMap<FastifyRequest, string>()
  const underWay = new Map<string, number>()
  const apply = app.createRateLimit({ max, timeWindow, keyGenerator: (request) => keys.get(request) ?? '' })
  const ask = (request: FastifyRequest, key: string, increment: boolean) => {
    keys.set(request, key)
    return apply(request, { increment })
  }
  return {
    async count(request, key) {
      const result = await ask(request, key, true)
      if (!result.isAllowed && result.isExceeded) throw tooMany(result.ttlInSeconds)
    },
    async attempt(request, key, guess) {
      const result = await ask(request, key, false)
      const open = underWay.get(key) ?? 0
      if (!result.isAllowed && result.remaining - open <= 0) throw tooMany(result.ttlInSeconds)
      underWay.set(key, open + 1)
      try {
        return await guess()
      } catch (error) {
        if (error instanceof Refused && (error.status === 401 || error.status === 403)) await ask(request, key, true)
        throw error
      } finally {
        const left = (underWay.get(key) ?? 1) - 1
        if (left > 0) underWay.set(key, left)
        else underWay.delete(key)
      }
    },
  }
}

export const tooMany = (retryAfterSeconds: number) =>
  new Refused(429, 'rate_limited', 'Too many tries. Wait a little.', { retryAfterSeconds })

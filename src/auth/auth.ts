/**
 * better-auth, for passwords and sessions of people. It is called as a library, never mounted: its endpoints for signing
 * up, resetting by mail, impersonating and the rest do not exist here. Never call it inside a transaction of ours: it
 * takes connections of its own.
 */

import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { betterAuth } from 'better-auth/minimal'
import { createAccessControl } from 'better-auth/plugins/access'
import { admin } from 'better-auth/plugins/admin'
import type { FastifyRequest } from 'fastify'
import { authAccount, authSession, authUser, authVerification } from '../db/auth-schema.ts'
import { newId } from '../db/id.ts'
import type { Deps } from '../deps.ts'
import { describeError } from '../http/log.ts'

export type Auth = ReturnType<typeof createAuth>

const day = 86_400
/** How the peer's address reaches the library: it would otherwise believe any `X-Forwarded-For`. */
const addressHeader = 'x-huixin-address'

/** What a role may do is decided in `actor.ts`; the library only has to know that the three exist. */
const control = createAccessControl({ user: ['list', 'create', 'update', 'ban'], session: ['list', 'revoke'] })
const roles = {
  administrator: control.newRole({ user: ['list', 'create', 'update', 'ban'], session: ['list', 'revoke'] }),
  supervisor: control.newRole({ user: [], session: [] }),
  agent: control.newRole({ user: [], session: [] }),
}

export function createAuth({ config, db, seal, log }: Pick<Deps, 'config' | 'db' | 'seal' | 'log'>) {
  const secure = config.url?.startsWith('https:') ?? false
  return betterAuth({
    appName: 'Huixin',
    baseURL: config.url ?? `http://${config.host}:${config.port}`,
    basePath: '/api/auth',
    secret: seal.derive('better-auth').toString('base64url'),
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    database: drizzleAdapter(db, {
      provider: 'pg',
      schema: { user: authUser, session: authSession, account: authAccount, verification: authVerification },
    }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 128 },
    // Seven days from the last day of use. No copy of the session in a cookie: revoking has to work at once.
    session: { expiresIn: 7 * day, updateAge: day, cookieCache: { enabled: false } },
    advanced: {
      database: { generateId: () => newId() },
      ipAddress: { ipAddressHeaders: [addressHeader] },
      useSecureCookies: false, // Would add the weaker `__Secure-`; `__Host-` also forbids other hosts and paths.
      cookiePrefix: secure ? '__Host-huixin' : 'huixin',
      defaultCookieAttributes: { secure, httpOnly: true, sameSite: 'strict', path: '/' },
    },
    plugins: [admin({ ac: control, roles, defaultRole: 'agent', adminRoles: ['administrator'] })],
    logger: {
      // `warn` would be a line for each wrong password; sign-in writes its own, without the address typed.
      level: 'error',
      disableColors: true,
      log: (_level, message, ...rest) =>
        log.error({ err: describeError(rest.find((item) => item instanceof Error) ?? new Error(message)) }, 'sign-in'),
    },
  })
}

/** The little of a request that the library may see. */
export function authHeaders(request: FastifyRequest): Headers {
  const headers = new Headers({ [addressHeader]: request.ip })
  const { cookie, 'user-agent': userAgent } = request.headers
  if (cookie) headers.set('cookie', cookie)
  if (userAgent) headers.set('user-agent', userAgent.slice(0, 300))
  return headers
}

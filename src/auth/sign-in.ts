/** Passwords in, sessions out: the only calls into better-auth besides reading a session. */
import { isAPIError } from 'better-auth/api'
import { and, desc, eq, gt, ne, sql } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../db/client.ts'
import { authSession } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { addressOf, type Limiters } from '../http/limits.ts'
import { Refused, unprocessable } from '../problem.ts'
import type { Session, SignIn } from '../wire.ts'
import type { Actor } from './actor.ts'
import { writeAudit } from './audit.ts'
import { type Auth, authHeaders } from './auth.ts'
import { refuseWeak } from './passwords.ts'

export interface SignInDeps extends Pick<Deps, 'db' | 'log'> {
  readonly auth: Auth
  readonly limiters: Limiters
}

/** One answer and one duration for an address nobody has and a password that is wrong. */
const wrong = () => new Refused(401, 'wrong_credentials', 'The e-mail address or the password is wrong.')

/**
 * Begins a session and sets its cookie; answers the user's id. Throws 401 `wrong_credentials`, 403 `account_disabled`
 * (to who knows the password), 429 `rate_limited`.
 */
export async function signIn(
  { auth, db, limiters }: SignInDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { email, password, rememberMe = true }: SignIn,
): Promise<string> {
  const account = email.toLowerCase()
  const address = addressOf(request)
  await limiters.signIns.count(request, address)
  const userId = await limiters.failuresPerAddress.attempt(request, address, () =>
    limiters.failuresPerAccount.attempt(request, account, async () => {
      const call = auth.api.signInEmail({
        body: { email: account, password, rememberMe },
        headers: authHeaders(request),
        returnHeaders: true,
      })
      const { headers, response } = await call.catch((error: unknown) => {
        request.log.info({ code: codeOf(error) }, 'a sign-in was refused')
        throw translate(error)
      })
      setCookies(reply, headers)
      return response.user.id
    }),
  )
  await writeAudit(db, { id: userId }, 'session.started', `user:${userId}`)
  return userId
}

/** Ends the session of the cookie; without one it changes nothing. */
export async function signOut({ auth }: SignInDeps, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { headers } = await auth.api.signOut({ headers: authHeaders(request), returnHeaders: true })
  setCookies(reply, headers)
}

/** Ends every session of the user, this one too, and begins a new one. Throws 422 `wrong_password`. */
export async function changePassword(
  { auth, db, limiters }: SignInDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  body: { readonly currentPassword: string; readonly newPassword: string },
): Promise<void> {
  const user = personOf(request.actor)
  refuseWeak(body.newPassword, user.email ?? '')
  const change = async () => {
    const call = auth.api.changePassword({
      body: { ...body, revokeOtherSessions: true },
      headers: authHeaders(request),
      returnHeaders: true,
    })
    const { headers } = await call.catch((error: unknown) => {
      throw translate(error)
    })
    setCookies(reply, headers)
  }
  // Somebody at an unlocked screen must not get more tries here than at the door.
  await limiters.failuresPerAccount.attempt(request, (user.email ?? user.id).toLowerCase(), change).catch((error) => {
    if (error instanceof Refused && error.code === 'wrong_credentials') {
      throw unprocessable('wrong_password', 'The present password is wrong.')
    }
    throw error
  })
  await writeAudit(db, user, 'user.password_changed', `user:${user.id}`)
}

export async function listSessions(db: Db, actor: Actor, now: Date): Promise<Session[]> {
  const user = personOf(actor)
  const rows = await db
    .select()
    .from(authSession)
    .where(and(eq(authSession.userId, user.id), gt(authSession.expiresAt, now)))
    .orderBy(desc(authSession.createdAt))
  return rows.map((row) => ({
    id: row.id,
    current: row.id === user.sessionId,
    address: row.ipAddress || null,
    userAgent: row.userAgent || null,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  }))
}

/** Ends one session of the actor's own, or all but the present one. Somebody else's, or one that is over: nothing. */
export async function endOwnSessions(db: Db, actor: Actor, which: { readonly id: string } | 'others'): Promise<void> {
  const user = personOf(actor)
  const chosen = which === 'others' ? ne(authSession.id, user.sessionId ?? '') : eq(authSession.id, which.id)
  await db.transaction(async (tx) => {
    const ended = await tx
      .delete(authSession)
      .where(and(eq(authSession.userId, user.id), chosen))
      .returning({ id: authSession.id })
    if (ended.length > 0) await writeAudit(tx, user, 'session.ended', `user:${user.id}`, { count: ended.length })
  })
}

/** Sessions that ended by age; better-auth deletes only those that are presented again. For a daily chore. */
export async function pruneSessions(db: Db): Promise<void> {
  await db.execute(sql`delete from auth_session where expires_at < now() - interval '1 day'`)
}

function personOf(actor: Actor): Actor {
  if (actor.kind !== 'user') throw new Refused(403, 'people_only', 'Only a person who is signed in can do this.')
  return actor
}

function setCookies(reply: FastifyReply, headers: Headers): void {
  for (const cookie of headers.getSetCookie()) reply.header('set-cookie', cookie)
}

function codeOf(error: unknown): string {
  return isAPIError(error) && typeof error.body?.code === 'string' ? error.body.code : 'unknown'
}

function translate(error: unknown): unknown {
  switch (codeOf(error)) {
    case 'INVALID_EMAIL':
    case 'INVALID_EMAIL_OR_PASSWORD':
    case 'INVALID_PASSWORD':
    case 'PASSWORD_TOO_LONG':
      return wrong()
    case 'BANNED_USER':
      return new Refused(403, 'account_disabled', 'This account is disabled. Ask an administrator.')
    case 'UNAUTHORIZED':
      return new Refused(401, 'unauthenticated', 'Sign in first.')
    default:
      return error
  }
}

/** Who sends a request: a program by its key, or a person by the cookie of a session. */
import { and, eq, gt, inArray } from 'drizzle-orm'
import type { FastifyRequest } from 'fastify'
import type { Db } from '../db/client.ts'
import { authSession, authUser, brandMembers } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import type { ResolveActor } from '../http/access.ts'
import { Role } from '../wire.ts'
import { type Actor, systemActor } from './actor.ts'
import { type Auth, authHeaders } from './auth.ts'
import { actorOfKey, liveKeys } from './keys.ts'

/**
 * Asks the database each time: what was revoked, disabled or taken away a moment ago is gone. A wrong key is not forgiven
 * because there is a cookie too.
 */
export function createResolver({ db, now }: Pick<Deps, 'db' | 'now'>, auth: Auth): ResolveActor {
  return async (request, setHeader) => {
    const { authorization } = request.headers
    if (authorization !== undefined) {
      const [, key] = /^Bearer +(\S+)$/iu.exec(authorization) ?? []
      return key ? actorOfKey(db, key, now()) : null
    }
    return actorOfSession(db, auth, request, setHeader)
  }
}

async function actorOfSession(
  db: Db,
  auth: Auth,
  request: FastifyRequest,
  setHeader: (name: string, value: string) => void,
): Promise<Actor | null> {
  if (!request.headers.cookie) return null
  const { headers, response } = await auth.api.getSession({ headers: authHeaders(request), returnHeaders: true })
  // A session in its last six days is prolonged, and its cookie with it; a dead one's cookie is taken away.
  for (const cookie of headers.getSetCookie()) setHeader('set-cookie', cookie)
  if (!response) return null
  const [actor] = await actorsOfUsers(db, [{ sessionId: response.session.id, userId: response.user.id }])
  return actor ?? null
}

/** Reads the users behind sessions as they are now; disabled ones are left out. */
async function actorsOfUsers(db: Db, sessions: readonly { sessionId: string; userId: string }[]): Promise<Actor[]> {
  const ids = [...new Set(sessions.map((session) => session.userId))]
  const users = await db
    .select({ id: authUser.id, name: authUser.name, email: authUser.email, role: authUser.role })
    .from(authUser)
    .where(and(inArray(authUser.id, ids), eq(authUser.banned, false)))
  const given = users.some((user) => user.role !== 'administrator')
    ? await db.select().from(brandMembers).where(inArray(brandMembers.userId, ids))
    : []
  return sessions.flatMap(({ sessionId, userId }) => {
    const user = users.find(({ id }) => id === userId)
    const role = Role.safeParse(user?.role)
    if (!user || !role.success) return []
    const brandIds = given.filter((row) => row.userId === userId).map((row) => row.brandId)
    return [
      { ...user, kind: 'user', role: role.data, brandIds: role.data === 'administrator' ? null : brandIds, sessionId },
    ]
  })
}

/**
 * Of these actors, those who may go on with what they began: session or key still live, user not disabled, role and
 * brands the same. Three queries for any number of them, so that open streams can be checked every few seconds.
 */
export async function stillValid(db: Db, actors: readonly Actor[], now: Date): Promise<Set<Actor>> {
  const sessionIds = actors.flatMap((actor) => (actor.sessionId ? [actor.sessionId] : []))
  const sessions =
    sessionIds.length === 0
      ? []
      : await db
          .select({ sessionId: authSession.id, userId: authSession.userId })
          .from(authSession)
          .where(and(inArray(authSession.id, [...new Set(sessionIds)]), gt(authSession.expiresAt, now)))
  const keys = actors.filter((actor) => actor.kind === 'key').map((actor) => actor.id)
  const present = [
    ...(sessions.length > 0 ? await actorsOfUsers(db, sessions) : []),
    ...(keys.length > 0 ? await liveKeys(db, keys, now) : []),
  ]
  const byId = new Map(present.map((actor) => [identityOf(actor), fingerprint(actor)]))
  return new Set(
    actors.filter((actor) => actor.kind === 'system' || byId.get(identityOf(actor)) === fingerprint(actor)),
  )
}

/** One actor; see {@link stillValid}. */
export async function actorStillValid({ db, now }: Pick<Deps, 'db' | 'now'>, actor: Actor): Promise<boolean> {
  return (await stillValid(db, [actor], now())).has(actor)
}

/** Who began something that goes on without a session: as they are now; null: they may do nothing any more. */
export async function currentActor(db: Db, { kind, id }: Pick<Actor, 'kind' | 'id'>, now: Date): Promise<Actor | null> {
  if (kind === 'system') return systemActor
  if (kind === 'key') return (await liveKeys(db, [id], now))[0] ?? null
  const [actor] = await actorsOfUsers(db, [{ sessionId: '', userId: id }])
  if (!actor) return null
  const { sessionId: _session, ...user } = actor
  return user
}

const identityOf = (actor: Actor) => actor.sessionId ?? actor.id
const fingerprint = (actor: Actor) =>
  `${actor.id} ${actor.role} ${actor.brandIds ? [...actor.brandIds].sort().join(',') : '*'}`

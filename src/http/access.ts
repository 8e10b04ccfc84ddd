/** Who may call a route. Closed by default: a route under /api that does not say it cannot be registered. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Actor } from '../auth/actor.ts'
import { mayActAs } from '../auth/actor.ts'
import { forbidden, Refused } from '../problem.ts'

/** `public`: nobody need be signed in, and `request.actor` must not be read. The others: at least this role. */
export type Access = 'public' | 'agent' | 'supervisor' | 'administrator'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    /** Who asks. Reading it in a route that is `public` is a mistake and throws. */
    readonly actor: Actor
  }
}

const actors = new WeakMap<FastifyRequest, Actor>()

/** Resolves who sends the request; null: nobody who is signed in. */
export type ResolveActor = (
  request: FastifyRequest,
  setHeader: (name: string, value: string) => void,
) => Promise<Actor | null>

/** @fastify/swagger-ui registers its own routes and takes no config for them. */
const documentation = '/api/docs'

export function guardAccess(app: FastifyInstance, resolve: ResolveActor): void {
  app.decorateRequest('actor', {
    getter(this: FastifyRequest) {
      const actor = actors.get(this)
      if (!actor) throw new Error(`${this.routeOptions.url ?? 'the route'} reads request.actor but is public`)
      return actor
    },
  })
  app.addHook('onRoute', (route) => {
    if (!isApi(route.url)) return
    if (isUnder(route.url, documentation)) route.config = { ...route.config, access: 'public' }
    if (!route.config?.access) throw new Error(`${route.method} ${route.url} does not say who may call it`)
  })
  app.addHook('onRequest', async (request, reply) => {
    const access = request.routeOptions.config?.access
    if (!access || access === 'public') return
    const actor = await resolve(request, (name, value) => void reply.header(name, value))
    if (!actor) throw new Refused(401, 'unauthenticated', 'Sign in first.')
    actors.set(request, actor)
    if (!mayActAs(actor, access)) throw forbidden()
  })
}

/** The actor when there is one; for log lines. */
export const actorOf = (request: FastifyRequest): Actor | undefined => actors.get(request)

export const isApi = (url: string): boolean => isUnder(url, '/api')
const isUnder = (url: string, prefix: string) => url === prefix || url.startsWith(`${prefix}/`)

/** Cross-site request forgery: who changes something with a cookie must have come from the desk's own pages. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refused } from '../problem.ts'
import { isApi } from './access.ts'

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * `url`: the public address, for a proxy that does not hand on the `Host`. Bodies are JSON or multipart in any case
 * (`json-body.ts` takes nothing else), and the cookie is `SameSite=Strict`; this holds where a browser forgets either.
 */
export function refuseForeignOrigins(app: FastifyInstance, url: string | null): void {
  const ownHost = url ? new URL(url).host : null
  app.addHook('onRequest', async (request) => {
    // The route's own address: the request's may be written `/%61pi/…` and still be routed here.
    const { url: route } = request.routeOptions
    if (safe.has(request.method) || !route || !isApi(route) || request.headers.authorization !== undefined) return
    if (!isSameOrigin(request, ownHost)) {
      throw new Refused(403, 'foreign_origin', 'The request comes from another site.')
    }
  })
}

/** Also for pages with forms of their own, outside the API. */
export function isSameOrigin(request: FastifyRequest, ownHost: string | null): boolean {
  const site = request.headers['sec-fetch-site']
  // Browsers set it themselves and no page can; they leave it out where the connection is not secure.
  if (site !== undefined) return site === 'same-origin'
  const { origin, cookie } = request.headers
  // No browser, nobody's cookie: nothing to abuse. A cookie without an origin is not how a browser posts.
  if (origin === undefined) return cookie === undefined
  const host = URL.canParse(origin) ? new URL(origin).host : null
  return host !== null && (host === ownHost || host === request.host.toLowerCase())
}

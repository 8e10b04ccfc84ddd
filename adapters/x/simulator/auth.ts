/** Who is calling, and may they. */
import type { IncomingMessage } from 'node:http'
import type { Body } from './body.ts'
import { whatIsWrong } from './oauth1.ts'
import { problem } from './refusal.ts'
import type { World } from './state.ts'

export type Caller = 'oauth1' | 'oauth2' | 'app'

/** Throws a Refusal. */
export function callerOf(world: World, request: IncomingMessage, url: URL, body: Body, used: Set<string>): Caller {
  const header = request.headers.authorization ?? ''
  const { app, keys, oauth, revoked } = world
  if (header.startsWith('Bearer ')) {
    const token = header.slice('Bearer '.length)
    if (token === app.bearerToken) return 'app'
    const until = oauth.access.get(token)
    if (until !== undefined && until > world.now() && !oauth.ended) return 'oauth2'
    throw problem(401, 'Unauthorized')
  }
  if (header.startsWith('OAuth ')) {
    const call = {
      method: request.method ?? 'GET',
      baseUrl: `${world.url}${url.pathname}`,
      query: url.searchParams,
      form: body.form,
      header,
    }
    const secrets = {
      consumerKey: app.apiKey,
      consumerSecret: app.apiSecret,
      token: keys.accessToken,
      tokenSecret: keys.accessSecret,
    }
    if (!revoked.keys && whatIsWrong(call, secrets, Date.now(), used) === null) return 'oauth1'
  }
  throw problem(401, 'Unauthorized')
}

export function userOnly(caller: Caller): void {
  if (caller === 'app')
    throw problem(
      403,
      'Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.',
      'unsupported-authentication',
    )
}

export function appOnly(caller: Caller): void {
  if (caller !== 'app')
    throw problem(403, 'This endpoint takes OAuth 2.0 Application-Only.', 'unsupported-authentication')
}

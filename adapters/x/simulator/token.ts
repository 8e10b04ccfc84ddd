/** POST /2/oauth2/token: a refresh token is good once; used twice it ends the sign-in. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Body } from './body.ts'
import { Refusal } from './refusal.ts'
import type { World } from './state.ts'

export function exchangeToken(world: World, request: IncomingMessage, { form, json }: Body): unknown {
  const { app, oauth } = world
  const field = (name: string) => form?.get(name) ?? (typeof json[name] === 'string' ? json[name] : null)
  const basic = /^Basic (.+)$/u.exec(request.headers.authorization ?? '')?.[1]
  if (app.clientSecret !== '') {
    const expected = Buffer.from(`${encodeURIComponent(app.clientId)}:${encodeURIComponent(app.clientSecret)}`)
    if (basic !== expected.toString('base64')) {
      throw new Refusal(401, { error: 'unauthorized_client', error_description: 'Missing valid authorization header' })
    }
  } else if (field('client_id') !== app.clientId) {
    throw new Refusal(400, {
      error: 'invalid_request',
      error_description: 'Value passed for the client id was invalid.',
    })
  }
  if (field('grant_type') !== 'refresh_token') {
    throw new Refusal(400, { error: 'unsupported_grant_type', error_description: 'Only refresh_token is simulated.' })
  }
  const given = field('refresh_token') ?? ''
  if (given !== oauth.refreshToken || oauth.ended) {
    if (oauth.spent.has(given)) oauth.ended = true
    throw new Refusal(400, { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' })
  }
  oauth.spent.add(given)
  oauth.refreshToken = `refresh-${randomBytes(24).toString('base64url')}`
  oauth.refreshes += 1
  const access = `access-${randomBytes(24).toString('base64url')}`
  oauth.access.set(access, world.now() + 7200_000)
  return {
    token_type: 'bearer',
    expires_in: 7200,
    access_token: access,
    scope: 'tweet.read tweet.write users.read dm.read dm.write media.write offline.access',
    refresh_token: oauth.refreshToken,
  }
}

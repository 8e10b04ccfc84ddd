/** The simulated platform against its own rules, without the adapter: what it refuses, the adapter must not get away with. */

import twitterText from 'twitter-text'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { whatIsWrong } from './simulator/oauth1.ts'
import { weightOf } from './simulator/weight.ts'
import { drawPicture, startXSimulator, type XSimulator } from './simulator.ts'

let simulator: XSimulator
let bearer: string
beforeEach(async () => {
  simulator = await startXSimulator()
  bearer = await signIn()
})
afterEach(() => simulator.close())

async function token(refreshToken: string): Promise<Response> {
  const { clientId, clientSecret } = simulator.settings('oauth2') as Record<string, string>
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken })
  return await fetch(`${simulator.url}/2/oauth2/token`, {
    method: 'POST',
    body,
    headers: { authorization: `Basic ${basic}` },
  })
}
async function signIn(): Promise<string> {
  const response = await token(String(simulator.settings('oauth2').refreshToken))
  return ((await response.json()) as { access_token: string }).access_token
}
const call = (path: string, body?: object, authorization = `Bearer ${bearer}`) =>
  fetch(`${simulator.url}${path}`, {
    headers: { authorization, 'content-type': 'application/json' },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  })

test.each([
  'Hello, world! 👋',
  '你'.repeat(140),
  '👨‍👩‍👧‍👦🇨🇳',
  'สวัสดี',
  'see https://example.com/a?b=1 now',
  'text https://example.com/测试',
  '看 example.com/路',
  '“quoted” – …',
])('its own count of %s is that of X', (text) =>
  expect(weightOf(text)).toBe(twitterText.parseTweet(text).weightedLength),
)

test('the signature of RFC 5849 and of X’s own example is found genuine, and none with a letter changed', () => {
  // https://docs.x.com/fundamentals/authentication/oauth-1-0a/creating-a-signature, read 2026-11-24
  const secrets = {
    consumerKey: 'xvz1evFS4wEEPTGEFPHBog',
    consumerSecret: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
    token: '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb',
    tokenSecret: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
  }
  const header = (signature: string) =>
    `OAuth oauth_consumer_key="xvz1evFS4wEEPTGEFPHBog", oauth_nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", oauth_signature="${signature}", oauth_signature_method="HMAC-SHA1", oauth_timestamp="1318622958", oauth_token="370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", oauth_version="1.0"`
  const signed = (signature: string) => ({
    method: 'POST',
    baseUrl: 'https://api.twitter.com/1.1/statuses/update.json',
    query: new URLSearchParams({ include_entities: 'true' }),
    form: new URLSearchParams({ status: 'Hello Ladies + Gentlemen, a signed OAuth request!' }),
    header: header(signature),
  })
  const at = 1318622958_000
  expect(whatIsWrong(signed('hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D'), secrets, at, new Set())).toBeNull()
  expect(whatIsWrong(signed('hCtSmYh%2BiHYCEqBWrE7C7hYmtVk%3D'), secrets, at, new Set())).toBe('a wrong signature')
  const used = new Set<string>()
  whatIsWrong(signed('hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D'), secrets, at, used)
  expect(whatIsWrong(signed('hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D'), secrets, at, used)).toBe('a nonce used before')
  expect(whatIsWrong(signed('hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D'), secrets, at + 600_000, new Set())).toBe(
    'a time too far off',
  )
})

test('a refresh token used twice ends the sign-in, the newest token included', async () => {
  const first = String(simulator.settings('oauth2').refreshToken)
  expect((await call('/2/users/me')).status).toBe(200)
  const again = await token(first)
  expect([again.status, await again.json()]).toEqual([
    400,
    { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' },
  ])
  expect((await call('/2/users/me')).status).toBe(401)
})

test('it refuses what X refuses', async () => {
  const lin = simulator.customer({ id: '2001', username: 'lin_wei', name: 'Lin' })
  const asked = lin.posts('@huixin_care hi')
  const stranger = lin.posts('hello world')
  const post = async (body: object) => (await call('/2/tweets', body)).status
  const reply = (id: string) => ({ reply: { in_reply_to_tweet_id: id } })
  expect(await post({ text: 'ok', ...reply(asked.id) })).toBe(201)
  expect(await post({ text: 'ok', ...reply(asked.id) })).toBe(403)
  expect(await post({ text: 'ok', ...reply(stranger.id) })).toBe(403)
  expect(await post({ text: 'ok', ...reply('1') })).toBe(403)
  expect(await post({ text: '长'.repeat(141), ...reply(asked.id) })).toBe(403)
  expect(await post({ text: 'ok', reply: {} })).toBe(400)
  expect(await post({ text: 'x', media: { media_ids: ['1'] }, ...reply(asked.id) })).toBe(400)
  expect((await call('/2/webhooks')).status).toBe(403)
  expect((await call('/2/dm_conversations/with/2001/messages', { text: 'x'.repeat(10_001) })).status).toBe(403)
  expect((await call('/2/users/1790000000000000001/mentions?max_results=101')).status).toBe(400)
  expect((await call('/2/nothing')).status).toBe(404)
  const app = `Bearer ${String(simulator.settings().bearerToken)}`
  expect((await call('/2/tweets', { text: 'ok' }, app)).status).toBe(403)
})

test('a category of posts is refused in messages', async () => {
  const picture = drawPicture()
  const begun = await call('/2/media/upload/initialize', {
    media_type: 'image/png',
    total_bytes: picture.length,
    media_category: 'tweet_image',
  })
  const { data } = (await begun.json()) as { data: { id: string } }
  const form = new FormData()
  form.set('segment_index', '0')
  form.set('media', new Blob([new Uint8Array(picture)]))
  const authorization = `Bearer ${bearer}`
  await fetch(`${simulator.url}/2/media/upload/${data.id}/append`, {
    method: 'POST',
    body: form,
    headers: { authorization },
  })
  expect((await call(`/2/media/upload/${data.id}/finalize`, {})).status).toBe(200)
  const refused = await call('/2/dm_conversations/with/1790000000000000001/messages', {
    attachments: [{ media_id: data.id }],
  })
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('unsupported media category')])
})

test('limits are counted and told in headers', async () => {
  const { headers } = await call('/2/dm_events')
  expect(headers.get('x-rate-limit-limit')).toBe('15')
  expect(headers.get('x-rate-limit-remaining')).toBe('14')
  for (let count = 0; count < 14; count += 1) await call('/2/dm_events')
  const over = await call('/2/dm_events')
  expect(over.status).toBe(429)
  expect(Number(over.headers.get('x-rate-limit-reset')) * 1000).toBeGreaterThan(Date.now() + 14 * 60_000)
})

import { expect, test } from 'vitest'
import { mastodon } from './index.ts'
import { settings } from './settings.ts'
import { open } from './test-open.ts'

test('says who we are', async () => {
  const { connection, simulator } = await open()
  const health = await connection.check()
  expect(health).toEqual({ state: 'ok', name: `@acme_care@${new URL(simulator.address).host}` })
})

test('warns of a server that takes less than 500 characters', async () => {
  const { connection } = await open({ maxCharacters: 300 })
  expect(await connection.check()).toMatchObject({ state: 'warning', name: expect.any(String), text: { en: /300/u } })
})

test('finds nothing wrong with a server that takes more', async () => {
  const { connection } = await open({ maxCharacters: 5000 })
  expect(await connection.check()).toMatchObject({ state: 'ok' })
})

test('edge: warns of a policy under which mentions never arrive', async () => {
  const { connection } = await open({ policy: { for_not_following: 'drop' } })
  expect(await connection.check()).toMatchObject({ state: 'warning', text: { en: /never arrive/u } })
})

test('edge: warns of an account that has moved', async () => {
  const { connection, simulator, lin } = await open()
  simulator.world.me.movedTo = lin
  expect(await connection.check()).toMatchObject({ state: 'warning', text: { en: /@lin@elsewhere\.example/u } })
})

test('a server that tells neither limit nor policy is well', async () => {
  const { connection, simulator } = await open()
  simulator.failAt('GET /api/v2/instance', { kind: 'answer', status: 404, body: {} })
  simulator.failAt('GET /api/v2/notifications/policy', { kind: 'unreadable' })
  expect(await connection.check()).toMatchObject({ state: 'ok' })
})

test.each([
  [401, { error: 'The access token is invalid' }, 'refused'],
  [403, { error: 'Your login is currently disabled' }, 'refused'],
  [404, 'nothing here', 'warning'],
  [503, {}, 'warning'],
  [200, { id: 3 }, 'warning'],
] as const)('an answer %i %j is %s', async (status, body, state) => {
  const { connection, simulator } = await open()
  simulator.failAt('GET /api/v1/accounts/verify_credentials', { kind: 'answer', status, body })
  expect(await connection.check()).toMatchObject({ state })
})

test('a token that is wrong is refused', async () => {
  const { simulator, tools } = await open()
  const account = { server: simulator.address, accessToken: 'another-token-of-16' }
  const connection = mastodon.connect({ id: '1', name: 'x', settings: account, webhookUrl: null }, tools)
  expect(await connection.check()).toMatchObject({ state: 'refused' })
  await expect(
    connection.poll!({ stream: 'mentions', cursor: null, hint: null }, AbortSignal.timeout(5000)),
  ).rejects.toMatchObject({ reason: 'credentials' })
})

test.each([
  ['http://mastodon.example', false],
  ['ftp://mastodon.example', false],
  ['mastodon.example', false],
  ['https://mastodon.example/?access_token=x', false],
  ['https://me:secret@mastodon.example', false],
  ['https://mastodon.example/', true],
  ['http://127.0.0.1:3000', true],
])('the address %s is taken: %s', (server, taken) => {
  expect(settings.safeParse({ server, accessToken: '0123456789abcdef' }).success).toBe(taken)
})

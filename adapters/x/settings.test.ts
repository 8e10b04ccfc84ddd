import { describe, expect, test } from 'vitest'
import { credentialsName, settings } from './settings.ts'

const keys = { apiKey: 'k', apiSecret: 's', accessToken: '1-t', accessSecret: 'u' }

describe('are refused', () => {
  test.each([
    ['without keys', {}],
    ['with one key missing', { ...keys, accessSecret: '' }],
    ['with a key that has a space in it', { ...keys, apiKey: 'a b' }],
    ['for OAuth 2 without a refresh token', { auth: 'oauth2', clientId: 'c' }],
    ['for webhooks without the bearer token', { ...keys, mode: 'webhook' }],
    [
      'for webhooks without anything that signs',
      { auth: 'oauth2', clientId: 'c', refreshToken: 'r', mode: 'webhook', bearerToken: 'b' },
    ],
    ['with an address that has a path', { ...keys, apiRoot: 'https://proxy.example/x' }],
    ['with an address that has a name in it', { ...keys, apiRoot: 'https://me:pw@proxy.example' }],
    ['with no time between two looks', { ...keys, pollSeconds: 0 }],
  ])('%s', (_, given) => {
    const result = settings.safeParse(given)
    expect(result.success).toBe(false)
    expect(JSON.stringify(result.error?.issues)).not.toContain('me:pw')
  })
})

test('the four keys are enough', () => {
  expect(settings.parse({ ...keys, apiKey: ' k ' })).toMatchObject({
    auth: 'oauth1',
    mode: 'polling',
    plan: 'self-serve',
    apiKey: 'k',
  })
})
test('other keys are another account; the same ones are the same', () => {
  const name = (given: object) => credentialsName(settings.parse(given))
  expect(name(keys)).toBe(name({ ...keys, mode: 'polling' }))
  expect(name(keys)).not.toBe(name({ ...keys, accessToken: '2-t' }))
  expect(name({ auth: 'oauth2', clientId: 'c', refreshToken: 'a' })).not.toBe(
    name({ auth: 'oauth2', clientId: 'c', refreshToken: 'b' }),
  )
})

import { expect, test } from 'vitest'
import { settings } from './settings.ts'

const token = '123456789:AAExample-of_a_token'

test('a token is enough: polling, and a secret of its own', () => {
  const first = settings.parse({ token })
  const second = settings.parse({ token })
  expect(first).toMatchObject({ token, mode: 'polling', apiRoot: 'https://api.telegram.org' })
  expect(first.secret).toMatch(/^[\w-]{43}$/u)
  expect(second.secret).not.toBe(first.secret)
})

test('an empty secret is an error in webhook mode, and harmless while polling', () => {
  expect(settings.safeParse({ token, mode: 'webhook', secret: '' }).error?.issues).toMatchObject([{ path: ['secret'] }])
  expect(settings.safeParse({ token, mode: 'polling', secret: '' }).success).toBe(true)
})

test.each([
  ['token', { token: '' }],
  ['token', { token: 'abc' }],
  ['token', { token: '1:a/../../x' }],
  ['token', { token: '1:a?x#y' }],
  ['mode', { token, mode: 'push' }],
  ['secret', { token, secret: 'not allowed' }],
  ['secret', { token, secret: 'x'.repeat(257) }],
  ['apiRoot', { token, apiRoot: 'ftp://example.com' }],
  ['apiRoot', { token, apiRoot: 'https://user:pass@example.com' }],
  ['apiRoot', { token, apiRoot: 'https://example.com/?a=b' }],
])('a wrong %s is named: %o', (field, given) => {
  expect(settings.safeParse(given).error?.issues.map(({ path }) => path[0])).toEqual([field])
})

test('white space around a pasted token is no part of it', () => {
  expect(settings.parse({ token: ` ${token}\n` }).token).toBe(token)
})

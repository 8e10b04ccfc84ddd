import { expect, test } from 'vitest'
import { settings } from './settings.ts'

const token = '2.00simulated-token_0123456789'

test('a token is all that is needed', () => {
  expect(settings.parse({ accessToken: ` ${token} ` })).toMatchObject({
    accessToken: token,
    dailyCalls: 100,
    reservedCalls: 30,
    pollSeconds: 240,
    firstRead: 'nothing',
    apiRoot: 'https://api.weibo.com',
    messageRoot: 'https://m.api.weibo.com',
    fileRoot: 'https://upload.api.weibo.com',
  })
})

test.each([
  [{ accessToken: 'a b c d e f g h' }, 'accessToken'],
  [{ accessToken: `${token}\r\nx: y` }, 'accessToken'],
  [{ uid: 'name' }, 'uid'],
  [{ dailyCalls: 10.5 }, 'dailyCalls'],
  [{ dailyCalls: 30 }, 'reservedCalls'],
  [{ pollSeconds: 0 }, 'pollSeconds'],
  [{ rip: 'localhost' }, 'rip'],
  [{ apiRoot: 'https://user:secret@api.weibo.com' }, 'apiRoot'],
  [{ apiRoot: 'file:///etc/passwd' }, 'apiRoot'],
])('%o is refused at %s', (given, at) => {
  const result = settings.safeParse({ accessToken: token, ...given })
  expect(result.error?.issues.map(({ path }) => path[0])).toContain(at)
})

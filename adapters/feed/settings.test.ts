import { expect, test } from 'vitest'
import { addressesIn, settings } from './settings.ts'

test('one or several addresses, each once', () => {
  expect(
    addressesIn(settings.parse({ feeds: ' https://a.example/f  https://b.example/g\nhttps://a.example/f ' }).feeds),
  ).toEqual(['https://a.example/f', 'https://b.example/g'])
})

test.each([
  [{ feeds: '' }, 'at least one'],
  [{ feeds: 'a.example/f' }, 'http(s)'],
  [{ feeds: 'file:///etc/passwd' }, 'http(s)'],
  [{ feeds: 'https://user:secret@a.example/' }, 'user name'],
  [{ feeds: 'https://a.example/?key={key}' }, '{key}'],
  [{ feeds: Array.from({ length: 51 }, (_, n) => `https://a.example/${n}`).join(' ') }, '50'],
  [{ feeds: 'https://a.example/', pollSeconds: 0 }, 'at least 1'],
])('%j is refused with words', (given, words) => {
  const result = settings.safeParse(given)
  expect(result.error?.issues.map(({ message }) => message).join(' ')).toContain(words)
  expect(JSON.stringify(result.error)).not.toContain('user:secret')
})

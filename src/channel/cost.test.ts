import { describe, expect, test } from 'vitest'
import { costOf, holdsLink } from './cost.ts'

describe('a text holds a link', () => {
  test.each([
    'https://example.com/a',
    '见https://example.com，谢谢',
    'HTTP://EXAMPLE.COM',
    'see example.com',
    '见example.com谢谢',
    'www.example.cn/help.',
    'a.example.co.uk?',
    '(help.example.com)',
  ])('%s', (text) => expect(holdsLink(text)).toBe(true))
})

describe('a text holds no link', () => {
  test.each([
    '',
    '您好，请问购买多久了？',
    'https://',
    'write to care@example.com',
    '1.5 or 2.0',
    'e.g. this',
    'Fine.Thanks',
    'done... ok',
    '#a.com',
    'a.commm',
    '.com',
  ])('%s', (text) => expect(holdsLink(text)).toBe(false))
})

test('what a call costs depends on its text, where it costs anything', () => {
  const cost = { perReply: 0.01, withLink: 0.2, currency: 'USD' }
  expect([costOf({ cost }, '谢谢'), costOf({ cost }, 'see example.com'), costOf({ cost: null }, 'x')]).toEqual([
    0.01,
    0.2,
    null,
  ])
})

import { describe, expect, test } from 'vitest'
import { costOf } from './cost.ts'

const cost = { perReply: 0.01, withLink: 0.2, currency: 'USD' }

describe('a text with a link costs more', () => {
  test.each([
    'https://example.com/a',
    '见https://example.com，谢谢',
    'HTTP://EXAMPLE.COM',
    'see example.com',
    '见example.com谢谢',
    'www.example.cn/help.',
    'a.example.co.uk?',
  ])('%s', (text) => expect(costOf({ cost }, text)).toBe(0.2))
})

describe('a text without one does not', () => {
  test.each([
    '',
    '您好，请问购买多久了？',
    'https://',
    'write to care@example.com',
    '1.5 or 2.0',
    'e.g. this',
    'Fine.Thanks',
    '#a.com',
  ])('%s', (text) => expect(costOf({ cost }, text)).toBe(0.01))
})

test('nothing where the platform bills nothing', () => expect(costOf({ cost: null }, 'example.com')).toBeNull())

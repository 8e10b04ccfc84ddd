import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReactions } from '../channel/demo.ts'
import { createSeal } from '../seal.ts'
import { AutomaticKind } from '../wire-automatic.ts'
import { isCodeOf, lookupCode, readCode } from './code.ts'
import { answerToken, readAnswerToken } from './links.ts'
import { readWords } from './read-words.ts'
import { faultOf, fill, shipped, variablesOf, variableWords } from './texts.ts'

const seal = createSeal('a secret of at least thirty-two characters')
const id = '019ab000-0000-7000-8000-000000000001'

describe('texts', () => {
  test.each(AutomaticKind.options)('the shipped words of %s can be filled in, in both languages', (kind) => {
    const values = Object.fromEntries(variablesOf[kind].map((name) => [name, `<${name}>`]))
    for (const language of ['zh', 'en'] as const) {
      expect(faultOf(kind, shipped[kind][language])).toBeNull()
      expect(fill(shipped[kind][language], values)).not.toMatch(/[{}]/u)
    }
  })

  test.each(AutomaticKind.options)('the demo’s customers know the words of %s from a person’s', (kind) => {
    const expected: Partial<Record<AutomaticKind, (string | null)[]>> = {
      solved: ['没有解决', '1'],
      satisfaction: ['4', '4'],
      facts: ['序列号是 SN1', '序列号是 SN1'],
    }
    for (const language of ['zh', 'en'] as const) {
      const react = createReactions({ language: 'zh', facts: '序列号是 SN1', isHardToPlease: true, score: 4 })
      const text = fill(shipped[kind][language], {
        ticket: '#7',
        customer: 'Lin',
        progress: '客服正在处理。',
        facts: '?',
        otp: '1',
      })
      expect([react(text)?.says, react(text)?.says]).toEqual(expected[kind] ?? [null, null])
    }
    expect(createReactions({ language: 'en' })('We will send you a new one.')).toBeNull()
  })

  test('a line whose variable is empty goes with it', () => {
    expect(fill('Your ticket is {{ticket}}.\nSee here: {{link}}', { ticket: '#7' })).toBe('Your ticket is #7.')
    expect(fill('{{工单}} {{查询链接}}', { ticket: '#7' })).toBe('#7')
  })

  test('what a customer is called is no variable', () => {
    expect(fill('{{customer}}', { customer: '{{otp}} $& $1', otp: '123456' })).toBe('{{otp}} $& $1')
  })

  test('a variable that is not there, or missing where it is the point, is a fault', () => {
    expect(faultOf('solved', 'Hello {{otp}}')).toEqual({ unknown: 'otp' })
    expect(faultOf('proof', 'Your code is secret')).toEqual({ missing: 'otp' })
    expect(faultOf('proof', '验证码：{{ 验证码 }}')).toBeNull()
    expect(Object.values(variableWords).flatMap((words) => Object.values(words))).toHaveLength(20)
  })
})

describe('a look-up code', () => {
  const ticket = { id, number: 1042 }

  test('is read however it was typed', () => {
    const code = lookupCode(seal, ticket)
    expect(code).toMatch(/^1042-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/u)
    const sloppy = [
      code.toLowerCase(),
      code.replaceAll('-', ' '),
      ` ${code.replaceAll('1', 'l').replaceAll('0', 'o')} `,
    ]
    for (const typed of [code, ...sloppy]) {
      const read = readCode(typed)
      expect(read?.number).toBe(1042)
      expect(read && isCodeOf(seal, read, id)).toBe(true)
    }
  })

  test('is of one ticket and one key', () => {
    const read = readCode(lookupCode(seal, ticket))!
    expect(isCodeOf(seal, read, id.replace(/1$/u, '2'))).toBe(false)
    expect(isCodeOf(createSeal('another secret that is also long enough'), read, id)).toBe(false)
  })

  test('anything else is none, and throws nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (typed) => {
        const read = readCode(typed)
        if (read) expect(isCodeOf(seal, read, id)).toBe(false)
      }),
    )
  })
})

test('an answer’s link names its question, and no other can be made of it', () => {
  const token = answerToken(seal, id)
  expect(readAnswerToken(seal, token)).toBe(id)
  for (const wrong of [
    `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`,
    token.slice(1),
    '',
    `1${token.slice(1)}`,
  ]) {
    expect(readAnswerToken(seal, wrong)).toBeNull()
  }
})

describe('words that are nothing but an answer', () => {
  test.each([
    ['1', { solved: 1, satisfaction: 1 }],
    ['２。', { solved: 0, satisfaction: 2 }],
    ['已解决！', { solved: 1 }],
    ['还没解决', { solved: 0 }],
    ['No', { solved: 0 }],
    ['5', { satisfaction: 5 }],
    [' 4 分 ', { satisfaction: 4 }],
    ['三星', { satisfaction: 3 }],
    ['⭐️⭐️⭐️⭐️', { satisfaction: 4 }],
    ['5 stars', { satisfaction: 5 }],
  ])('%s', (text, answers) => {
    expect(readWords(text)).toMatchObject({ answers, asksForTicket: false })
    // Where the account has to be named, it is.
    expect(readWords(`@acme_care ${text}`)).toEqual(readWords(text))
  })

  test.each(['我的工单', '查询进度。', 'My  Ticket', '/my ticket'])('%s asks for the ticket', (text) => {
    expect(readWords(text)).toEqual({ answers: {}, asksForTicket: true })
  })

  test.each([
    '',
    '6',
    '0',
    '12',
    '没有冒烟',
    '解决了一半',
    '5 days ago',
    '1和2',
    '我的工单呢，怎么没人理',
    '⭐⭐⭐⭐⭐⭐',
    '👍',
  ])('"%s" is an ordinary message', (text) => expect(readWords(text)).toBeNull())
})

import { describe, expect, test } from 'vitest'
import { quickReplyVariables } from '../../../src/wire-quick-replies.ts'
import type { QuickReply } from '../api/wire.ts'
import { fill, openVariables, samples, textFor, unknownVariable, type Values, variables } from './fill.ts'
import { findQuick, slashAt } from './slash.ts'

const reply = (shortcut: string, title: string, zh = '', en = ''): QuickReply => ({
  id: shortcut,
  shortcut,
  title,
  zh,
  en,
  shared: false,
  brandId: null,
  mine: true,
  updatedAt: '2026-11-25T00:00:00.000Z',
})

describe('a slash', () => {
  test.each([
    ['/', { start: 0, query: '' }],
    ['/tui', { start: 0, query: 'tui' }],
    ['您好 /退款', { start: 3, query: '退款' }],
    ['您好，/退', { start: 3, query: '退' }],
    ['您好/退', { start: 2, query: '退' }],
    ['one\n/two', { start: 4, query: 'two' }],
    ['25/11', null],
    ['https://example.com/a', null],
    ['and/or', null],
    ['/two words', null],
    [`/${'a'.repeat(31)}`, null],
    ['', null],
  ])('%j', (text, expected) => expect(slashAt(text, text.length)).toEqual(expected))
  test('counts where the caret stands behind it', () => {
    expect(slashAt('/refund please', 4)).toEqual({ start: 0, query: 'ref' })
    expect(slashAt('/refund please', 14)).toBeNull()
  })
})

describe('what is found', () => {
  const all = [
    reply('hi', '问候', '您好，退货请稍等'),
    reply('th', '退货地址'),
    reply('refund', 'Refund', '', 'We refund within 3 days'),
    reply('no', 'Not refundable'),
  ]
  const found = (query: string) => findQuick(all, query).map(({ shortcut }) => shortcut)
  test('is everything at first', () => expect(found('')).toEqual(['hi', 'th', 'refund', 'no']))
  test('comes by shortcut, then by name, then by text', () => {
    expect(found('refund')).toEqual(['refund', 'no'])
    expect(found('退货')).toEqual(['th', 'hi'])
    expect(found('ＴＨ')).toEqual(['th', 'refund'])
    expect(found('zzz')).toEqual([])
  })
})

describe('a text', () => {
  const values: Values = {
    ...{ customer: '王芳', account: null, ticket: '#12', agent: '李娜', brand: 'Acme', channel: '微博' },
    ...{ model: null, serial: 'SN-1', purchased: null, order: '', code: '12-7KQ9F-2MXPD' },
  }
  test('has its variables filled in, in either language; what the customer is called is not looked at again', () => {
    expect(fill('{{客户}}您好，{{ agent }}为您处理 {{工单}}（{{brand}}）', values)).toBe(
      '王芳您好，李娜为您处理 #12（Acme）',
    )
    expect(fill('{{customer}}', { ...values, customer: '{{agent}}' })).toBe('{{agent}}')
    expect(fill('{{查询码}} {{code}}', values)).toBe('12-7KQ9F-2MXPD 12-7KQ9F-2MXPD')
    expect(fill('{{nobody}} {{toString}}', values)).toBe('{{nobody}} {{toString}}')
  })
  test('keeps what is not known between its braces, so that it is filled in by hand before it is sent', () => {
    const text = fill('{{客户}}，您的{{型号}}（{{序列号}}），{{order}} {{型号}}', values)
    expect(text).toBe('王芳，您的{{型号}}（SN-1），{{order}} {{型号}}')
    expect(openVariables(text)).toEqual(['型号', 'order'])
    expect(openVariables(fill(text, samples.zh))).toEqual([])
    expect(openVariables('{{nobody}} {{toString}} { {客户} }')).toEqual([])
  })
  test('with a name nobody knows is not saved', () => {
    expect(unknownVariable('{{客户}} {{谁}}')).toBe('谁')
    expect(unknownVariable('{{客户}}')).toBeNull()
  })
  test('knows the variables the server knows', () => expect(variables).toEqual(quickReplyVariables))
  test.each([
    ['我要退货', 'en', '您好'],
    ['I want a refund 😡', 'zh-CN', 'Hello'],
    ['👍 123', 'zh-CN', '您好'],
    ['', 'en', 'Hello'],
  ])('is in the language of %j', (words, desk, expected) => {
    expect(textFor({ zh: '您好', en: 'Hello' }, words, desk)).toBe(expected)
  })
  test('of one language is used for both', () => expect(textFor({ zh: '您好', en: '' }, 'hello', 'en')).toBe('您好'))
})

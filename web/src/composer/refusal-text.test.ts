import i18next, { type TFunction } from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import type { Refusal } from '#channel/refuse.ts'
import { en } from '../i18n/en.ts'
import { isRefusalCode, refusalText } from './refusal-text.ts'

let t: TFunction
beforeAll(async () => {
  t = await i18next.createInstance().init({ lng: 'en', defaultNS: 'desk', resources: { en: { desk: en } } })
})
const text = (code: string, details: Refusal['details'] = {}) => {
  if (!isRefusalCode(code)) throw new Error(code)
  return refusalText({ code, details }, t, 'en')
}

test('figures are part of the sentence', () => {
  expect(text('too_long', { max: 140, length: 1_364, unit: 'utf8-bytes' })).toBe('The text is 1,224 bytes too long.')
  expect(text('media_size', { kind: 'photo', max: 10_485_760 })).toBe('Photo: too large, at most 10 MB.')
  expect(text('media_kind', { kind: 'sticker' })).toContain('Sticker')
})
test('what the channel says in words is passed on, its codes are not', () => {
  expect(
    text('not_replyable', { reason: { en: 'You were not mentioned in this post.', zh: '您未被提及。' } }),
  ).toContain('You were not mentioned')
  expect(text('unreachable', { reason: 'blocked' })).not.toContain('(')
  expect(text('unreachable', { reason: null })).not.toContain('(')
})

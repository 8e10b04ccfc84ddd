import { describe, expect, test } from 'vitest'
import { usualRules } from '../notify/rules.ts'
import { readPreferences } from './preferences.ts'

describe('preferences', () => {
  test('a broken value falls back and the others stay', () => {
    const stored = JSON.stringify({ language: 'en', theme: 'neon', sendKey: 'ctrl-enter', shortcuts: 'no', keys: 7 })
    expect(readPreferences(stored, ['zh-CN'])).toEqual({
      language: 'en',
      theme: 'system',
      sendKey: 'ctrl-enter',
      shortcuts: true,
      keys: {},
      notify: usualRules,
    })
  })
  test.each([null, '', '{', '[]', 'null', '7', '"x"'])('unreadable storage %j gives the defaults', (stored) => {
    expect(readPreferences(stored, ['zh-Hant-TW', 'en']).language).toBe('zh-CN')
  })
  test.each([
    [['zh'], 'zh-CN'],
    [['fr', 'zh-HK'], 'zh-CN'],
    [['en-GB', 'zh'], 'en'],
    [['fr'], 'en'],
    [[], 'en'],
  ])('a browser that speaks %j gets %s', (spoken, language) => {
    expect(readPreferences(null, spoken).language).toBe(language)
  })
})

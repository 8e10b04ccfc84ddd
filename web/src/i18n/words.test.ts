import { describe, expect, test } from 'vitest'
import { en } from './en.ts'
import { zh } from './zh-CN.ts'

function flat(words: object, path = ''): Map<string, string> {
  const all = new Map<string, string>()
  for (const [key, value] of Object.entries(words)) {
    const at = path ? `${path}.${key}` : key
    if (typeof value === 'string') all.set(at, value)
    else for (const [inner, text] of flat(value as object, at)) all.set(inner, text)
  }
  return all
}

const chinese = flat(zh)
const english = flat(en)
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/gu)].map(([, name]) => name).sort()

describe('the two languages', () => {
  test('have the same keys; English adds singulars to plurals', () => {
    const singulars = [...english.keys()].filter((key) => key.endsWith('_one'))
    for (const key of singulars) expect(english.has(key.replace(/_one$/u, '_other')), key).toBe(true)
    for (const [key, text] of chinese) {
      // `status.waiting_other` is a status, not a plural.
      if (key.endsWith('_other') && text.includes('{{count}}'))
        expect(english.has(key.replace(/_other$/u, '_one')), key).toBe(true)
    }
    expect([...english.keys()].filter((key) => !key.endsWith('_one')).sort()).toEqual([...chinese.keys()].sort())
  })

  test('fill in the same things', () => {
    for (const [key, text] of english) {
      expect(placeholders(text), key).toEqual(placeholders(chinese.get(key.replace(/_one$/u, '_other'))!))
    }
  })

  test('are each written in their own language', () => {
    for (const [key, text] of english) expect(text, key).not.toMatch(/\p{Script=Han}/u)
    const withoutHan = [...chinese]
      .filter(([, text]) => text !== '' && !/\p{Script=Han}/u.test(text))
      .map(([key]) => key)
    // Figures with their unit, and nothing else.
    expect(withoutHan).toEqual(['composer.count', 'refusal.because'])
  })

  test('use straight words, no leftovers of a template', () => {
    for (const [key, text] of [...english, ...chinese]) expect(text, key).not.toMatch(/TODO|undefined|\{\{\s|\s\}\}/u)
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainOf } from './plain.ts'
import { findWords } from './words.ts'

const look = (text: string, words: string[], except: string[] = [], negated: 'skip' | 'count' = 'skip') =>
  findWords(plainOf(text), { words, except, negated })
const why = (text: string, words: string[], except: string[] = []) =>
  look(text, words, except).marks.map((one) => one.why)

describe('a word', () => {
  test.each([
    ['充电的时候冒烟了', '冒烟'],
    ['充電時冒煙', '冒烟'],
    ['it is SMOKING', 'smok*'],
    ['ＳＭＯＫＥ everywhere', 'smoke'],
    ['on   fire', 'on fire'],
    ['充电时smoke了', 'smoke'],
    ['the battery of my phone is bulging', 'battery & bulg*'],
    ['鼓起来的是电池', '电池 & 鼓起'],
    ['冒\u200b烟', '冒烟'],
    ['it isn’t cold. it’s hot', "it's hot"],
  ])('%j has %j', (text, word) => expect(look(text, [word]).hit).toBe(true))

  test.each([
    ['smokescreen', 'smoke'],
    ['refire', 'fire'],
    ['The battery is fine. The bag is bulging.', 'battery & bulg*'],
    ['', '冒烟'],
    ['anything', '&'],
    ['anything', '*'],
  ])('%j has no %j', (text, word) => expect(look(text, [word])).toEqual({ hit: false, marks: [] }))

  test('is marked where it stands in the text as it was written', () => {
    const text = '  Ｈｅｌｌｏ，手機  正在 冒煙！'
    const [mark] = look(text, ['冒烟']).marks
    expect(text.slice(mark!.from, mark!.to)).toBe('冒煙')
  })
})

describe('a denial', () => {
  test.each([
    '没有冒烟',
    '没冒烟,就是慢',
    '并没有起火、冒烟',
    '不会冒烟吧,我就是问问',
    '无冒烟',
    '冒烟的情况没有',
    'no smoke at all',
    "It isn't smoking",
    'never smoked',
    'without any smoke',
    'smoke-free',
    'No fire, smoke or swelling',
    'not really smoking',
  ])('in %j takes the word away', (text) => {
    expect(why(text, ['冒烟', 'smok*'])).toEqual(['negated'])
    expect(look(text, ['冒烟', 'smok*'], [], 'count').hit).toBe(true)
  })

  test.each([
    '没有起火但是一直在冒烟',
    '之前说没有冒烟,今天冒烟了',
    '有没有人管,冒烟了',
    '会不会是电池冒烟',
    '没想到冒烟了',
    '没用几天就冒烟',
    '不仅烫还冒烟',
    "It's not on fire but there is smoke",
    'You said it was not smoking. Now it is smoking',
    'not only hot, it smokes',
    'no idea why it is smoking',
    "it won't stop smoking",
    'I did not drop it, it just started smoking',
  ])('in %j is of something else', (text) => expect(look(text, ['冒烟', 'smok*']).hit).toBe(true))
})

describe('what is no hit', () => {
  test('is told, with what prevented it', () => {
    expect(look('拍照糊得心态都爆炸了', ['爆炸'], ['心态 & 爆炸']).marks).toMatchObject([
      { why: 'except', by: '心态都爆炸' },
    ])
    expect(look('说明书写着“电池鼓包请停用”,我的只是慢', ['鼓包']).marks).toMatchObject([
      { why: 'quoted', by: '说明书写着' },
    ])
    expect(look('The manual says "stop if it smokes". Mine is just slow', ['smok*']).marks).toMatchObject([
      { why: 'quoted' },
    ])
    expect(look('客服说“不会”,结果冒烟了', ['冒烟']).hit).toBe(true)
  })

  test('does not hide a real one in the same sentence', () => {
    expect(look('心态爆炸,手机也爆炸了', ['爆炸'], ['心态爆炸']).hit).toBe(true)
    expect(look('没冒烟?怎么没冒烟,冒烟冒得厉害', ['冒烟']).hit).toBe(true)
  })
})

describe('whatever is written', () => {
  const words = ['冒烟', 'smok*', '电池 & 鼓', 'on fire', 'e', '"', '(']
  const letters = fc.constantFrom(...'没有不冒烟电池鼓,。!"“”、 .eno&*()smokfi\n😀é\u0301ﬁ')

  test('every mark lies in the text, and a denial or saying never adds a hit', () => {
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 60 }), (list) => {
        const text = list.join('')
        const found = look(text, words, ['有冒'])
        for (const { from, to } of found.marks) {
          expect(from).toBeGreaterThanOrEqual(0)
          expect(to).toBeGreaterThan(from)
          expect(to).toBeLessThanOrEqual(text.length)
        }
        if (found.hit) expect(look(text, words, [], 'count').hit).toBe(true)
      }),
    )
  })

  test('a long text of nothing but hits is read to its end', () => {
    const text = '没有冒烟,电池鼓"smoke on fire e'.repeat(2_000)
    expect(look(text, words).marks.length).toBeLessThanOrEqual(50)
  })
})

import { afterAll, expect, test } from 'vitest'
import { createPatterns } from './pattern.ts'

const patterns = createPatterns()
afterAll(() => patterns.close())

test('a pattern finds its place, whatever the case', async () => {
  expect(await patterns.find('order\\s*#?\\d{6}', 'my Order #123456 is late')).toEqual({ from: 3, to: 16 })
  expect(await patterns.find('nothing', 'my order')).toBeNull()
})

test('one that never ends is ended, and those behind it are answered', async () => {
  const evil = patterns.find('^(a+)+$', `${'a'.repeat(60)}!`)
  const behind = [patterns.find('b', 'abc'), patterns.find('[', 'abc'), patterns.find('c', 'abc')]
  behind[1]!.catch(() => {})
  await expect(evil).rejects.toMatchObject({ code: 'too_slow' })
  expect(await behind[0]).toEqual({ from: 1, to: 2 })
  await expect(behind[1]).rejects.toMatchObject({ code: 'bad_pattern' })
  expect(await behind[2]).toEqual({ from: 2, to: 3 })
})

test('after the end nothing is begun', async () => {
  const closed = createPatterns()
  await closed.close()
  await expect(closed.find('a', 'a')).rejects.toMatchObject({ code: 'broken' })
})

import { expect, test } from 'vitest'
import { marks, readHalf, score } from '../../bench/triage.ts'
import { NewRule } from '../wire-rules.ts'
import { shippedCategories } from './shipped/categories.ts'
import { shippedRules } from './shipped/index.ts'

test('every shipped rule is one an administrator could have written, and names categories that are there', () => {
  const ids = shippedCategories.map(({ id }) => id)
  expect(new Set(shippedRules.map(({ name }) => name)).size).toBe(shippedRules.length)
  for (const { name: _, conditions, actions, ...rest } of shippedRules) {
    const rule = NewRule.parse({ ...rest, conditions: [...conditions], actions: [...actions] })
    for (const action of rule.actions) if (action.type === 'category') expect(ids).toContain(action.to)
  }
})

test('the texts are as many as promised, and their halves are alike', () => {
  const [tune, half] = [readHalf('tune'), readHalf('test')]
  expect(tune.length + half.length).toBeGreaterThanOrEqual(400)
  expect(tune.length).toBe(half.length)
  const texts = [...tune, ...half].map(({ text }) => text)
  expect(new Set(texts).size).toBe(texts.length)
})

test.each(['tune', 'test'] as const)('the shipped rules keep their marks on the %s half', async (half) => {
  const { urgent, macroF1 } = await score(readHalf(half))
  expect(urgent.recall).toBeGreaterThanOrEqual(marks.urgentRecall)
  expect(urgent.precision).toBeGreaterThanOrEqual(marks.urgentPrecision)
  expect(macroF1).toBeGreaterThan(0.8)
})

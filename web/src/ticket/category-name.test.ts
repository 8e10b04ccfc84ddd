import { expect, test } from 'vitest'
import type { Category } from '../api/wire.ts'
import { categoryName, levelOf, offered } from './category-name.ts'

const one = (id: string, parentId: string | null, archived = false): Category => ({
  id,
  parentId,
  en: id.toUpperCase(),
  zh: `${id}类`,
  archived,
  tickets: null,
})
const all = [one('a', null), one('b', 'a'), one('c', 'b', true)]

test('a category is told with those above it, in the reader’s language', () => {
  expect(categoryName(all, 'c', 'en')).toBe('A › B › C')
  expect(categoryName(all, 'b', 'zh-CN')).toBe('a类 › b类')
  expect(categoryName(all, 'old words', 'en')).toBe('old words')
  expect(all.map((category) => levelOf(all, category))).toEqual([0, 1, 2])
})

test('an archived one is offered only where it stands already', () => {
  expect(offered(all, null).map(({ id }) => id)).toEqual(['a', 'b'])
  expect(offered(all, 'c').map(({ id }) => id)).toEqual(['a', 'b', 'c'])
})

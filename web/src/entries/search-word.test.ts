import { expect, test } from 'vitest'
import { searchWord } from './search-word.ts'

test.each([
  ['138 0013-8000', '13800138000'],
  ['+86 (138) 0013', '+861380013'],
  ['１３８', '138'],
  ['13', ''],
  ['  ', ''],
  ['王芳', ''],
  ['Ada L', 'Ada L'],
])('“%s” is looked for as “%s”', (typed, word) => expect(searchWord(typed)).toBe(word))

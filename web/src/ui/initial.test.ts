import { expect, test } from 'vitest'
import { initialOf } from './initial.ts'

test.each([
  ['王小明', '王'],
  ['ada', 'A'],
  ['@huixin_bot', 'H'],
  ['  李', '李'],
  ['👩‍👧 family', '👩‍👧'],
  ['…', '·'],
  ['', '·'],
])('%s is shown as %s', (name, initial) => expect(initialOf(name)).toBe(initial))

import i18next, { type TFunction } from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import { ApiError } from '../api/problem.ts'
import { problemText } from './problem-text.ts'
import { zh } from './zh-CN.ts'

let t: TFunction
beforeAll(async () => {
  t = await i18next.createInstance().init({ lng: 'zh-CN', defaultNS: 'desk', resources: { 'zh-CN': { desk: zh } } })
})

test.each(Object.keys(zh.problem).filter((code) => code !== 'unknown' && code !== 'unexpected'))(
  '%s has its own sentence',
  (code) => {
    expect(problemText(new ApiError(400, code, 'x', { requestId: 'r1' }), t)).toBe(zh.problem[code as 'offline'])
  },
)
test('a code nobody knows shows its title and its request', () => {
  const words = problemText(new ApiError(422, 'novelty', 'Something new', { requestId: 'r1' }), t)
  expect(words).toContain('Something new')
  expect(words).toContain('r1')
})
test('a failure of the server shows no text of the server, only the request', () => {
  const words = problemText(new ApiError(500, 'internal', 'boom at line 3', { requestId: 'r2' }), t)
  expect(words).not.toContain('boom')
  expect(words).toContain('r2')
})
test('a bug of the desk is told plainly', () => expect(problemText(new TypeError('x'), t)).toBe(zh.problem.unexpected))

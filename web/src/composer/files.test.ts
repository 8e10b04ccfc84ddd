import { expect, test } from 'vitest'
import type { SurfaceCapabilities } from '#channel/capabilities.ts'
import { acceptOf, refuseFile } from './files.ts'

const limit = (maxBytes: number) => ({ maxBytes, maxPerReply: 1, mimeTypes: null })
const surface = (media: SurfaceCapabilities['media']) => ({ media }) as SurfaceCapabilities

test.each([
  [surface({ photo: limit(10), document: limit(50) }), 50, 0, null],
  [surface({ photo: limit(10), document: limit(50) }), 51, 0, { reason: 'size', max: 50 }],
  [surface({ photo: limit(10) }), 5, 10, { reason: 'too_many' }],
  [surface({}), 5, 0, { reason: 'none' }],
  [null, 1e9, 9, null],
])('%#', (where, size, already, refusal) => expect(refuseFile(where, size, already)).toEqual(refusal))

test('the picker offers what the channel takes', () => {
  expect(acceptOf(surface({ photo: limit(1), voice: limit(1), audio: limit(1) }))).toBe('image/*,audio/*')
  expect(acceptOf(surface({ photo: limit(1), document: limit(1) }))).toBe('')
  expect(acceptOf(null)).toBe('')
})

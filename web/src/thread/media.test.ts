import { expect, test } from 'vitest'
import { mediaReasonKey, mediaShape } from './media.ts'

test.each([
  ['image/jpeg', 'image'],
  ['IMAGE/PNG', 'image'],
  ['image/svg+xml', 'file'],
  ['text/html', 'file'],
  ['video/webm', 'video'],
  ['audio/ogg; codecs=opus', 'audio'],
  ['application/x-tgsticker', 'file'],
  ['', 'file'],
  [null, 'file'],
])('%s is shown as %s', (mimeType, shape) => expect(mediaShape({ mimeType })).toBe(shape))

test('a reason nobody knows is not shown as a code', () => {
  expect(mediaReasonKey('gone')).toBe('media.reason.gone')
  expect(mediaReasonKey('E_WEIRD')).toBeNull()
  expect(mediaReasonKey(null)).toBeNull()
})

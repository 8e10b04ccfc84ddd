import { expect, test } from 'vitest'
import type { ChannelLogLine } from '../api/wire.ts'
import { isFailed, supportText } from './support-text.ts'

const line: ChannelLogLine = {
  id: '1',
  at: '2026-11-25T08:00:01.000Z',
  deliveryId: null,
  ticketId: null,
  method: 'POST',
  url: 'https://api.example.com/send',
  status: 200,
  durationMs: 12,
  request: '{"text":"hi"}',
  response: null,
  error: null,
}

test('the oldest comes first, and nothing is said of what is not there', () => {
  const earlier = {
    ...line,
    at: '2026-11-25T08:00:00.000Z',
    deliveryId: 'd1',
    status: null,
    error: 'NoAnswer: timeout',
  }
  expect(supportText({ name: 'Care', channel: 'example', id: 'a1' }, [line, earlier])).toBe(
    [
      'Care (example, account a1)',
      '',
      '2026-11-25T08:00:00.000Z POST https://api.example.com/send',
      '-> no answer in 12 ms (delivery d1)',
      'request: {"text":"hi"}',
      'error: NoAnswer: timeout',
      '',
      '2026-11-25T08:00:01.000Z POST https://api.example.com/send',
      '-> 200 in 12 ms',
      'request: {"text":"hi"}',
    ].join('\n'),
  )
})

test.each([
  [{}, false],
  [{ status: 404 }, true],
  [{ status: null }, true],
  [{ error: 'x' }, true],
])('%j failed: %s', (change, expected) => expect(isFailed({ ...line, ...change })).toBe(expected))

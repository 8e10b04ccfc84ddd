import { describe, expect, test } from 'vitest'
import { noteServerTime, serverNow } from './clock.ts'
import { ApiError, isWorthRepeating, toApiError } from './problem.ts'

describe('an answer that refuses', () => {
  test('problem details keep their code, figures and request id', () => {
    const error = toApiError(422, { code: 'too_long', title: 'Too long', requestId: 'r1', details: { max: 10 } })
    expect(error).toMatchObject({ status: 422, code: 'too_long', requestId: 'r1', details: { max: 10 } })
  })
  test('a code in capitals, as the sign-in writes it, is the same code', () => {
    expect(toApiError(401, { code: 'INVALID_EMAIL_OR_PASSWORD', message: 'No' }).code).toBe('invalid_email_or_password')
  })
  test.each([null, '<html>', 7, [], { details: 'x', errors: [null, 3, { path: 1 }] }])('%j is readable too', (body) => {
    expect(toApiError(502, body)).toMatchObject({ code: 'http_502', details: {}, errors: [] })
  })
  test('Retry-After is milliseconds', () => {
    expect(toApiError(429, null, '30').retryAfterMs).toBe(30_000)
    expect(toApiError(429, null, 'soon').retryAfterMs).toBeNull()
  })
})

describe('repeating', () => {
  test.each([0, 502, 503, 504])('%i may be repeated with the same key', (status) => {
    expect(isWorthRepeating(new ApiError(status, 'x', 'x'))).toBe(true)
  })
  test.each([400, 401, 409, 422, 500])('%i is an answer', (status) => {
    expect(isWorthRepeating(new ApiError(status, 'x', 'x'))).toBe(false)
  })
  test('a bug is not repeated', () => expect(isWorthRepeating(new TypeError('x'))).toBe(false))
})

describe('the server’s clock', () => {
  test('a computer that is ten minutes late counts by the server', () => {
    noteServerTime(new Date(Date.now() + 600_000).toUTCString())
    expect(Math.abs(serverNow() - Date.now() - 600_000)).toBeLessThan(2_000)
    noteServerTime('nonsense')
    expect(serverNow() - Date.now()).toBeGreaterThan(590_000)
    noteServerTime(new Date().toUTCString())
    expect(Math.abs(serverNow() - Date.now())).toBeLessThan(5)
  })
})

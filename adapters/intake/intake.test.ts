import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createLimit } from './limits.ts'
import { normalizeNumber } from './number.ts'
import { parse } from './parse.ts'
import { settings } from './settings.ts'
import { isSecret, sign, verify } from './standard-webhooks.ts'

const folder = new URL('./fixtures/', import.meta.url)

test.each(readdirSync(folder))('%s becomes its events', (name) => {
  const { payload, events } = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
  expect(JSON.parse(JSON.stringify(parse(payload)))).toMatchObject(events)
})

describe('a number', () => {
  test.each([
    ['138 0013 8000', '86', '+8613800138000'],
    ['１３８００１３８０００', '86', '+8613800138000'],
    ['8613800138000', '86', '+8613800138000'],
    ['+86 (138) 0013-8000', '86', '+8613800138000'],
    ['0571-8800 0000', '86', '+8657188000000'],
    ['88000000', '86', '88000000'],
    ['400-800-0000', '86', '4008000000'],
    ['110', '86', '110'],
    ['020 7946 0000', '44', '+442079460000'],
    ['+1 415 555 0100', '86', '+14155550100'],
    ['00 1 415 555 0100', '86', '+14155550100'],
  ])('%s in %s is %s', (written, country, number) => expect(normalizeNumber(written, country)).toBe(number))

  test.each([
    '',
    '12',
    'call me',
    '138 0013 800a',
    '+0 123 456 789',
    '+123',
    '1'.repeat(21),
    '138;0013',
    '--',
    '13800138000<b>',
  ])('“%s” is none', (written) => expect(normalizeNumber(written, '86')).toBeNull())
})

/** Published with the specification's libraries: https://github.com/standard-webhooks/standard-webhooks, read 2026-11-25 */
const vector = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  time: 1_614_265_330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}

describe('a signature in the Standard Webhooks way', () => {
  const { secret, id, time, body, signature } = vector
  const at = new Date(time * 1_000)
  const judge = (change: Partial<Record<string, string>> = {}, receivedAt = at, text = body) =>
    verify(
      secret,
      new Headers(
        Object.entries({
          'webhook-id': id,
          'webhook-timestamp': String(time),
          'webhook-signature': signature,
          ...change,
        }).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]])),
      ),
      Buffer.from(text),
      receivedAt,
    )

  test('is the one that was published', () => expect(sign(secret, id, time, body)).toBe(signature))
  test('fits', () => expect(judge()).toBe('genuine'))
  test('fits beside others, of other keys and other versions', () =>
    expect(judge({ 'webhook-signature': `v1a,abc v1,${'A'.repeat(43)}= ${signature}` })).toBe('genuine'))
  test.each([
    ['another body', {}, at, `${body} `, 'wrong'],
    ['another id', { 'webhook-id': 'msg_2' }, at, body, 'wrong'],
    ['another time', { 'webhook-timestamp': String(time + 1) }, at, body, 'wrong'],
    ['no version', { 'webhook-signature': signature.slice(3) }, at, body, 'wrong'],
    ['another version', { 'webhook-signature': signature.replace('v1', 'v2') }, at, body, 'wrong'],
    ['no signature', { 'webhook-signature': undefined }, at, body, 'incomplete'],
    ['no id', { 'webhook-id': undefined }, at, body, 'incomplete'],
    ['a time that is none', { 'webhook-timestamp': '1e9' }, at, body, 'bad_time'],
    ['a call that is played again later', {}, new Date((time + 301) * 1_000), body, 'too_old'],
    ['a call from the future', {}, new Date((time - 301) * 1_000), body, 'too_old'],
  ])('with %s does not', (_name, change, receivedAt, text, verdict) =>
    expect(judge(change, receivedAt, text)).toBe(verdict),
  )
  test('at the edge of five minutes still fits', () =>
    expect(judge({}, new Date((time + 300) * 1_000))).toBe('genuine'))

  test.each(['', 'whsec_', 'whsec_c2hvcnQ=', 'whsec_not base64', 'c2VjcmV0', `whsec_${'A'.repeat(400)}`])(
    '“%s” is no secret',
    (bad) => expect(isSecret(bad)).toBe(false),
  )
})

describe('settings', () => {
  const wrong = (given: object) => settings.safeParse(given).error?.issues.map(({ path }) => path.join('.')) ?? []
  test.each([
    [{ kind: 'phone' }, []],
    [{ kind: 'store', stores: '一号店，二号店' }, []],
    [{ kind: 'form', sites: 'https://www.example.com http://127.0.0.1:8080' }, []],
    [{ kind: 'app', answerUrl: 'https://app.example.com/hook' }, []],
    [{ kind: 'fax' }, ['kind']],
    [{ kind: 'app' }, ['answerUrl']],
    [{ kind: 'store', stores: ' ,' }, ['stores']],
    [{ kind: 'form', sites: 'https://example.com/path' }, ['sites']],
    [{ kind: 'form', sites: 'https://example.com;script-src' }, ['sites']],
    [{ kind: 'form', sites: 'https://*' }, ['sites']],
    [{ kind: 'phone', key: 'short' }, ['key']],
    [{ kind: 'phone', secret: 'whsec_c2hvcnQ=' }, ['secret']],
    [{ kind: 'phone', country: '+86' }, ['country']],
  ])('%j: %j', (given, paths) => expect(wrong(given)).toEqual(paths))
})

test('a limit frees one when its time is over, and forgets who was heard of longest ago', () => {
  const limit = createLimit(2, 60_000)
  const at = (seconds: number) => new Date(seconds * 1_000)
  expect([limit.take('a', at(0)), limit.take('a', at(10)), limit.take('a', at(20))]).toEqual([null, null, 40])
  expect([limit.look('a', at(59)), limit.take('a', at(61)), limit.take('b', at(61))]).toEqual([1, null, null])
})

import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { exampleAdapter, testSeal } from '../../test/helpers/accounts.ts'
import type { Adapter } from '../channel/adapter.ts'
import {
  checkSettings,
  mergeSettings,
  openSettings,
  parseSettings,
  publicSettings,
  sealSettings,
  secretValues,
  settingsFromText,
} from './settings.ts'
import { secretPaths, settingsSchema } from './settings-schema.ts'

const { adapter } = exampleAdapter()
const token = 'tok-0123456789'
const withSettings = (settings: z.ZodType): Adapter<unknown> => ({ ...adapter, settings })

describe('what is given is checked', () => {
  test('what has a default is made, once', () => {
    const first = checkSettings(adapter, { token })
    expect(first).toMatchObject({ token, apiRoot: 'https://api.example.com', mode: 'polling' })
    expect(first.secret).toMatch(/^made-/u)
    expect(checkSettings(adapter, first)).toEqual(first)
  })

  test('every problem is named at once, and none quotes a secret', () => {
    const refusal = thrown(() => checkSettings(adapter, { token: 'short', apiRoot: 'nowhere', mode: 'x', tokn: 1 }))
    expect(refusal).toMatchObject({ status: 422, code: 'invalid_settings' })
    const { errors } = refusal.details as { errors: { path: string; message: string }[] }
    expect(errors.map(({ path }) => path).sort()).toEqual(['apiRoot', 'mode', 'token', 'tokn'])
    expect(JSON.stringify(refusal)).not.toContain('short')
  })

  test('a message of the channel that quotes a secret is redacted', () => {
    const quoting = withSettings(
      z.object({ token: z.string().meta({ secret: true }) }).refine(() => false, { error: `${token} is not a token` }),
    )
    expect(JSON.stringify(parseSettings(quoting, { token }))).not.toContain(token)
  })

  test('an empty secret is not taken for none', () => {
    expect(thrown(() => checkSettings(adapter, { token, secret: '' }))).toMatchObject({ code: 'invalid_settings' })
  })

  test.each(['__proto__', 'constructor', 'toString'])('%s is no setting', (name) => {
    const given = Object.fromEntries([
      ['token', token],
      [name, 'x'],
    ])
    expect(thrown(() => checkSettings(adapter, given))).toMatchObject({ code: 'invalid_settings' })
  })
})

test('a change leaves what it does not name, and null makes a field anew', () => {
  const before = checkSettings(adapter, { token, apiRoot: 'https://other.example.com', pageSize: 5 })
  const after = checkSettings(adapter, mergeSettings(before, { mode: 'webhook', secret: null, pageSize: null }))
  expect(after).toMatchObject({ token, apiRoot: 'https://other.example.com', mode: 'webhook' })
  expect(after.secret).not.toBe(before.secret)
  expect(after).not.toHaveProperty('pageSize')
})

test('texts of a command line become what each field holds', () => {
  const given = { token: '12345678', pageSize: '5', loud: 'true', mode: 'webhook' }
  expect(settingsFromText(adapter, given)).toEqual({ token: '12345678', pageSize: 5, loud: true, mode: 'webhook' })
  expect(settingsFromText(adapter, { pageSize: 'five', other: '1' })).toEqual({ pageSize: 'five', other: '1' })
  const lists = withSettings(z.object({ names: z.array(z.string()), either: z.union([z.literal('off'), z.number()]) }))
  expect(settingsFromText(lists, { names: '["a"]', either: '7' })).toEqual({ names: ['a'], either: '7' })
})

test('sealed for one account, they open for no other and with no other secret', () => {
  const sealed = sealSettings(testSeal, 'account-1', { token })
  expect(sealed.includes(token)).toBe(false)
  expect(openSettings(testSeal, 'account-1', sealed)).toEqual({ token })
  expect(() => openSettings(testSeal, 'account-2', sealed)).toThrow()
})

describe('the form', () => {
  test('keeps titles, helps and what is secret', () => {
    const title = { en: 'Token', zh: '令牌' }
    const form = withSettings(z.object({ token: z.string().meta({ title, secret: true } as Record<string, unknown>) }))
    expect(settingsSchema(form)).toMatchObject({
      type: 'object',
      properties: { token: { type: 'string', title, secret: true } },
      required: ['token'],
    })
  })

  test('shows no secret that was just made up', () => {
    const { properties } = settingsSchema(adapter) as { properties: Record<string, object> }
    expect(properties.secret).not.toHaveProperty('default')
    expect(properties.apiRoot).toHaveProperty('default', 'https://api.example.com')
    const outside = withSettings(
      z.object({
        key: z
          .string()
          .meta({ secret: true })
          .default(() => 'made-up'),
      }),
    )
    expect(JSON.stringify(settingsSchema(outside))).not.toContain('made-up')
  })
})

describe('secrets are found wherever they stand', () => {
  const Key = z.object({ id: z.string(), key: z.string().meta({ secret: true }) }).meta({ id: 'SharedKey' })
  const nested = withSettings(
    z.discriminatedUnion('mode', [
      z.object({ mode: z.literal('one'), login: Key, pin: z.number().meta({ secret: true }) }),
      z.object({ mode: z.literal('many'), logins: z.array(Key), hook: z.string().optional().meta({ secret: true }) }),
    ]),
  )

  test('in variants, in lists, behind a shared definition', () => {
    expect([...secretPaths(nested)].sort()).toEqual(['hook', 'login.key', 'logins.*.key', 'pin'])
    const many = {
      mode: 'many',
      logins: [
        { id: 'a', key: 'key-a' },
        { id: 'b', key: 'key-b' },
      ],
    }
    expect(secretValues(nested, many)).toEqual(['key-a', 'key-b'])
    expect(publicSettings(nested, many)).toEqual({
      settings: { mode: 'many', logins: [{ id: 'a' }, { id: 'b' }] },
      secretsSet: ['logins.*.key'],
    })
    expect(secretValues(nested, { mode: 'one', login: { id: 'a', key: 'key-a' }, pin: 1234 })).toEqual([
      'key-a',
      '1234',
    ])
  })

  test('what is shown is a copy', () => {
    const settings = { token, secret: '' }
    expect(publicSettings(adapter, settings)).toEqual({ settings: {}, secretsSet: ['token'] })
    expect(settings.token).toBe(token)
  })
})

function thrown(fn: () => unknown): { details?: unknown; code?: string } {
  try {
    fn()
  } catch (error) {
    return error as { details?: unknown; code?: string }
  }
  throw new Error('did not throw')
}

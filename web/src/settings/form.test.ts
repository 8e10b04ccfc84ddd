import { describe, expect, test } from 'vitest'
import { fieldsOf, initialValues, readValues } from './form.ts'

const schema = {
  type: 'object',
  required: ['token'],
  properties: {
    token: {
      type: 'string',
      pattern: '^\\d+:\\w+$',
      title: { en: 'Token', zh: '令牌' },
      help: { en: 'From them', zh: '来自对方' },
      secret: true,
    },
    mode: { type: 'string', enum: ['polling', 'webhook'], default: 'polling' },
    made: { type: 'string', secret: true, default: 'never-shown' },
    root: { type: 'string', format: 'uri', default: 'https://api.example' },
    retries: { type: 'integer' },
    fast: { type: 'boolean', default: true },
    hosts: { type: 'array', items: { type: 'string' } },
    proxy: { anyOf: [{ type: 'string', format: 'uri' }, { type: 'null' }], title: { en: 'Proxy', zh: '代理' } },
  },
}
const fields = fieldsOf(schema, 'zh-CN')
const blank = initialValues(fields, {})

describe('a form', () => {
  test('has a field of its kind for every setting, in the reader’s language', () => {
    expect(fields.map(({ name, kind }) => [name, kind])).toEqual([
      ['token', 'secret'],
      ['mode', 'choice'],
      ['made', 'secret'],
      ['root', 'url'],
      ['retries', 'number'],
      ['fast', 'switch'],
      ['hosts', 'json'],
      ['proxy', 'url'],
    ])
    expect(fields[0]).toMatchObject({ title: '令牌', help: '来自对方', isRequired: true })
    expect(fieldsOf(schema, 'en')[7]).toMatchObject({ title: 'Proxy' })
  })
  test('starts with defaults, and never shows a secret’s', () => {
    expect(blank).toMatchObject({
      mode: 'polling',
      root: 'https://api.example',
      fast: 'true',
      retries: '',
      token: '',
      made: '',
    })
    expect(JSON.stringify([fields, blank])).not.toContain('never-shown')
  })
  test('shows fields of variants and of referenced schemas', () => {
    const variants = {
      $defs: { a: { type: 'object', properties: { one: { type: 'string' } }, required: ['one'] } },
      oneOf: [{ $ref: '#/$defs/a' }, { type: 'object', properties: { two: { type: 'number' } } }],
    }
    expect(fieldsOf(variants, 'en').map(({ name, isRequired }) => [name, isRequired])).toEqual([
      ['one', false],
      ['two', false],
    ])
  })
  test.each([{}, { type: 'string' }, { properties: null }, { properties: { x: 7 } }])(
    'a schema without fields is an empty form: %j',
    (odd) => {
      expect(fieldsOf(odd, 'en')).toEqual([])
    },
  )
})

describe('a new account', () => {
  test('sends what was filled in, as what it is', () => {
    expect(readValues(fields, { ...blank, token: ' 1:a ', retries: '3', hosts: '["x"]' }, null)).toEqual({
      settings: { token: '1:a', mode: 'polling', root: 'https://api.example', retries: 3, fast: true, hosts: ['x'] },
    })
  })
  test('is told what is missing or wrong', () => {
    expect(readValues(fields, { ...blank, retries: '2.5', hosts: '[', proxy: '' }, null)).toEqual({
      problems: { token: 'required', retries: 'invalidNumber', hosts: 'invalidJson' },
    })
    expect(readValues(fields, { ...blank, token: 'nonsense' }, null)).toEqual({ problems: { token: 'invalid' } })
  })
})

describe('an existing account', () => {
  const present = {
    settings: { mode: 'webhook', root: 'https://api.example', retries: 3, fast: true },
    secretsSet: ['token', 'made'],
  }
  const shown = initialValues(fields, present.settings)
  test('unchanged sends nothing, and its secrets stay', () =>
    expect(readValues(fields, shown, present)).toEqual({ settings: {} }))
  test('sends only what changed', () => {
    expect(readValues(fields, { ...shown, mode: 'polling', token: '2:b', fast: 'false' }, present)).toEqual({
      settings: { mode: 'polling', token: '2:b', fast: false },
    })
  })
  test('takes away what was emptied', () => {
    expect(readValues(fields, { ...shown, retries: '', root: '' }, present)).toEqual({
      settings: { retries: null, root: null },
    })
  })
})

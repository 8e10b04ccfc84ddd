import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const secret = 's'.repeat(32)
function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

test('nothing has to be set', () => {
  expect(readConfig({}, '/srv')).toEqual({
    port: 3000,
    host: '127.0.0.1',
    url: null,
    door: null,
    databaseUrl: null,
    data: '/srv/data',
    dataIsChosen: false,
    secret: null,
    logLevel: 'info',
    metricsPort: null,
    trustedProxies: [],
  })
})

test('an empty variable is one that is not set', () => {
  const empty = {
    PORT: '',
    HOST: '',
    HUIXIN_URL: '',
    DATABASE_URL: '',
    HUIXIN_DATA: '',
    HUIXIN_SECRET: '',
    LOG_LEVEL: '',
  }
  expect(readConfig(empty, '/srv')).toEqual(readConfig({}, '/srv'))
})

test('every wrong variable is named, all at once', () => {
  const problems = problemsOf({
    PORT: 'http',
    HUIXIN_URL: 'care.example.com',
    DATABASE_URL: 'mysql://localhost/huixin',
    HUIXIN_SECRET: 'short',
    LOG_LEVEL: 'loud',
    HUIXIN_METRICS_PORT: '70000',
  })
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'PORT',
    'HUIXIN_URL',
    'DATABASE_URL',
    'HUIXIN_SECRET',
    'LOG_LEVEL',
    'HUIXIN_METRICS_PORT',
  ])
})

describe('each of these is refused', () => {
  test.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', '0x50'],
    ['PORT', ' '],
    ['PORT', '1e3'],
    ['HUIXIN_URL', 'ftp://care.example.com'],
    ['HUIXIN_URL', 'not an address'],
    ['HUIXIN_URL', 'https://care.example.com/?a=1'],
    ['HUIXIN_URL', 'https://user:pass@care.example.com'],
    ['LOG_LEVEL', 'INFO'],
    ['HUIXIN_SECRET', 'x'.repeat(31)],
    ['HUIXIN_TRUSTED_PROXIES', '10.0.0.1, everybody'],
    ['HUIXIN_TRUSTED_PROXIES', '10.0.0.0/33'],
  ])('%s=%s', (name, value) => {
    const problems = problemsOf({ [name]: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^${name}: `, 'u'))
  })
})

test('an error never repeats a value: it may be a secret', () => {
  const environment = { DATABASE_URL: 'mysql://huixin:hunter2@db/huixin', HUIXIN_SECRET: 'hunter2-and-too-short' }
  expect(problemsOf(environment)).toHaveLength(2)
  expect(problemsOf(environment).join()).not.toContain('hunter2')
})

test('DATABASE_URL needs a secret that all nodes share', () => {
  const databaseUrl = 'postgres://db/huixin'
  expect(problemsOf({ DATABASE_URL: databaseUrl })[0]).toMatch(/^HUIXIN_SECRET: required with DATABASE_URL/u)
  expect(readConfig({ DATABASE_URL: databaseUrl, HUIXIN_SECRET: secret })).toMatchObject({ databaseUrl, secret })
})

test('the public address loses its last slash; a path stays', () => {
  expect(readConfig({ HUIXIN_URL: 'https://care.example.com/' }).url).toBe('https://care.example.com')
  expect(readConfig({ HUIXIN_URL: 'https://example.com/care/' }).url).toBe('https://example.com/care')
})

test('a chosen data folder is taken from the working folder and remembered as chosen', () => {
  expect(readConfig({ HUIXIN_DATA: 'here' }, '/srv')).toMatchObject({ data: '/srv/here', dataIsChosen: true })
  expect(readConfig({ HUIXIN_DATA: '/var/lib/x' }, '/srv')).toMatchObject({ data: '/var/lib/x', dataIsChosen: true })
})

test('trusted proxies are a list', () => {
  const { trustedProxies } = readConfig({ HUIXIN_TRUSTED_PROXIES: ' 10.0.0.0/8, ::1,, 192.0.2.7 ' })
  expect(trustedProxies).toEqual(['10.0.0.0/8', '::1', '192.0.2.7'])
})

test('the configuration cannot be changed afterwards', () => {
  const config = readConfig({}) as { port: number }
  expect(() => {
    config.port = 1
  }).toThrow(TypeError)
})

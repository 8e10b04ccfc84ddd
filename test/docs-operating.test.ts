/** What docs/operating.md names is there: an operator types it at night. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/operating.md'), 'utf8')
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /(?<!\.test)\.ts$/u.test(file))
  .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
  .join('\n')
const named = (pattern: RegExp) => [...new Set([...page.matchAll(pattern)].map(([, name]) => name!))]

test('every variable is one of the configuration', () => {
  const variables = named(/\b(HUIXIN_[A-Z_]+|DATABASE_URL|LOG_LEVEL)\b/gu)
  expect(variables.length).toBeGreaterThan(5)
  const config = readFileSync(join(root, 'src/config.ts'), 'utf8')
  expect(variables.filter((name) => !config.includes(`  ${name}: `))).toEqual([])
})

test('every command is one of the command line', () => {
  const commands = named(/`huixin ((?:user|key|account|unknown) \w+|\w+)/gu).flatMap((command) => command.split(' '))
  expect(commands.length).toBeGreaterThan(5)
  const cli = readFileSync(join(root, 'src/cli.ts'), 'utf8')
  expect(commands.filter((name) => !cli.includes(`.command('${name}')`))).toEqual([])
})

test('every route and figure exists', () => {
  const routes = named(/`?(?:GET|POST) (\/api\/[\w/:-]+)/gu)
  const figures = named(/\b(huixin_[a-z_]+_seconds)\b/gu)
  expect(routes.length).toBeGreaterThan(3)
  expect(figures.length).toBeGreaterThan(0)
  expect([...routes, ...figures].filter((name) => !sources.includes(`'${name}'`))).toEqual([])
})

test('the service’s environment is taken as it stands', () => {
  const given = Object.fromEntries(named(/^Environment=(.+)$/gmu).map((line) => line.split(/=(.*)/u).slice(0, 2)))
  expect(readConfig(given)).toMatchObject({
    data: '/var/lib/huixin',
    url: 'https://care.example.com',
    trustedProxies: ['127.0.0.1', '::1'],
  })
})

test('the spans are those of the code', () => {
  for (const [text, code] of [
    ['lease of 10 s in the database, renewed every 3 s', 'ttlMs = 10_000, renewMs = 3_000'],
    ['what runs has 10 s', 'FINISH_MS = 10_000'],
    ['waits up to 30 s for the database', 'waitMs: 30_000'],
    ['if it is back within 30 s', 'WRITE_OUTCOME_MS = 30_000'],
    ['failed 8 times', 'maxAttempts = 8'],
    ['again by itself every 5 minutes', 'checkAgainMs = 5 * 60_000'],
    ['under 2,000 MB a note, under 200 MB wrong', "free < 200 ? 'wrong' : free < 2_000 ? 'note'"],
  ] as const) {
    expect(page).toContain(text)
    expect(sources).toContain(code)
  }
})

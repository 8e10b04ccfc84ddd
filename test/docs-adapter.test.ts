/** The adapter that docs/adapters.md shows, taken out of the page and put to the proofs every adapter is put to. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { patience } from './helpers/patience.ts'
import { runProgram } from './helpers/run-program.ts'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/adapters.md'), 'utf8')
/** A path alone in its line, then a block. */
const blocks = [...page.matchAll(/^`(?<path>adapters\/[\w./-]+)`[^\n]*\n\n```\w+\n(?<text>[\s\S]*?)^```$/gmu)]
const files = new Map(blocks.map(({ groups }) => [groups!.path!, groups!.text!]))
const house = mkdtempSync(join(tmpdir(), 'huixin-docs-adapter-'))
const program = (path: string) => join(house, 'node_modules', path)

beforeAll(() => {
  for (const name of ['src', 'web/src', 'test/helpers', 'test/contract'])
    cpSync(join(root, name), join(house, name), { recursive: true })
  for (const name of [
    'package.json',
    'tsconfig.json',
    'test/adapter-contract.ts',
    'test/contract.test.ts',
    'test/borders.test.ts',
  ])
    cpSync(join(root, name), join(house, name))
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'))
  files.set('adapters/demo.ts', demo)
  files.set('vitest.config.ts', vitestConfig)
  files.set('tsconfig.docs.json', JSON.stringify({ extends: './tsconfig.json', include: ['adapters'] }))
  for (const [path, text] of files) {
    mkdirSync(dirname(join(house, path)), { recursive: true })
    writeFileSync(join(house, path), text)
  }
})
afterAll(() => rmSync(house, { recursive: true, force: true }))

const demo = `import type { ChannelDemo } from '#channel/demo.ts'

export const demos: readonly ChannelDemo[] = []
`
const vitestConfig = `export default {
  cacheDir: '.cache',
  test: { include: ['adapters/**/*.test.ts', 'test/*.test.ts'], reporters: ['default', 'json'], outputFile: 'result.json' },
}
`

test('the page shows every file that is required', () => {
  const names = ['index', 'capabilities', 'types', 'parse', 'send', 'contract', 'contact-form.test'].map(
    (n) => `${n}.ts`,
  )
  const expected = [...names, 'README.md'].map((name) => `adapters/contact-form/${name}`)
  expect([...files.keys()]).toEqual(expect.arrayContaining([...expected, 'adapters/index.ts']))
})

test('the adapter of the page type-checks', { timeout: 120_000 * patience }, async () => {
  await expectToEndWell(program('typescript/bin/tsc'), ['--noEmit', '-p', 'tsconfig.docs.json'])
})

test('the adapter of the page keeps the contract and the borders, and passes its own tests', {
  timeout: 120_000 * patience,
}, async () => {
  await expectToEndWell(program('vitest/vitest.mjs'), ['run', '--root', house])
  const { numTotalTests, numPassedTests, testResults } = JSON.parse(
    readFileSync(join(house, 'result.json'), 'utf8'),
  ) as {
    numTotalTests: number
    numPassedTests: number
    testResults: { name: string }[]
  }
  expect(numPassedTests).toBe(numTotalTests)
  // Of each of the three files, or nothing was proved.
  expect(testResults).toHaveLength(3)
  expect(numTotalTests).toBeGreaterThan(40)
})

test('every file and name of the contract that the page speaks of exists', () => {
  const paths = [...page.matchAll(/`((?:src|test)\/[\w./-]+\.ts)`/gu)].map(([, path]) => path!)
  expect(paths.length).toBeGreaterThan(3)
  for (const path of paths) expect(() => readFileSync(join(root, path))).not.toThrow()
  const adapter = readFileSync(join(root, 'src/channel/adapter.ts'), 'utf8')
  const connection = adapter.slice(
    adapter.indexOf('export interface Connection'),
    adapter.indexOf('/** Keeps the settings'),
  )
  const methods = [...connection.matchAll(/^ {2}(\w+)\??[(<]/gmu)].map(([, name]) => name!)
  expect(methods.length).toBeGreaterThan(10)
  const table = page.slice(page.indexOf('## The connection'), page.indexOf('### Errors'))
  expect(methods.filter((name) => !table.includes(`\`${name}`))).toEqual([])
  const codes = [...readFileSync(join(root, 'src/channel/errors.ts'), 'utf8').matchAll(/^ {2}\| '(\w+)' \/\//gmu)]
  expect(codes.length).toBeGreaterThan(10)
  const errors = page.slice(page.indexOf('### Errors'), page.indexOf('## What comes in'))
  expect(codes.map(([, code]) => code!).filter((code) => !errors.includes(`\`${code}\``))).toEqual([])
})

async function expectToEndWell(script: string, args: readonly string[]): Promise<void> {
  // Not this run's own settings: the inner vitest would take them for its own.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')))
  const ended = await runProgram(process.execPath, [script, ...args], { cwd: house, env }).then(
    () => 'well',
    (error: { stdout?: string; stderr?: string }) => `${error.stdout ?? ''}${error.stderr ?? ''}` || String(error),
  )
  expect(ended).toBe('well')
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { transitions } from '../src/outbound/states.ts'

const root = join(import.meta.dirname, '..')
const flows = readFileSync(join(root, 'docs/flows.md'), 'utf8')
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /(?<!\.test)\.ts$/u.test(file))
  .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
  .join('\n')

test('the table of delivery states in docs/flows.md is the one in the code', () => {
  const rows = [...flows.matchAll(/^\| `(\w+)` \| `(\w+)` \|/gmu)].map(([, from, to]) => `${from} → ${to}`)
  const moves = Object.entries(transitions).flatMap(([from, list]) => list.map((to) => `${from} → ${to}`))
  expect(rows.sort()).toEqual(moves.sort())
})

test('every function that docs/flows.md names exists', () => {
  const names = [...flows.matchAll(/`([a-z]+[A-Z]\w+)`/gu)].map(([, name]) => name!)
  const missing = [...new Set(names)].filter((name) => !new RegExp(`\\b${name}\\b`, 'u').test(sources))
  expect(names.length).toBeGreaterThan(20)
  expect(missing).toEqual([])
})

test('every file that docs/flows.md names exists', () => {
  const files = [...flows.matchAll(/`(src\/[\w./-]+\.ts|test\/[\w./-]+\.ts)`/gu)].map(([, file]) => file!)
  for (const file of files) expect(() => readFileSync(join(root, file))).not.toThrow()
})

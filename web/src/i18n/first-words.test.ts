import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { modulesOf, onlyWords, spokenBy, type Tree } from '../../first-words.ts'
import { zh } from './zh-CN.ts'

const modules = modulesOf(join(import.meta.dirname, '../main.tsx'))
const isFirst = spokenBy(modules, zh)
const first = onlyWords(zh, isFirst)
const rest = onlyWords(zh, (key) => !isFirst(key))

const count = (words: Tree): number =>
  Object.values(words).reduce((sum, value) => sum + (typeof value === 'string' ? 1 : count(value)), 0)

describe('the words the desk starts with', () => {
  test('are those of modules that are imported statically, not of those loaded later', () => {
    const names = [...modules].map((path) => path.replace(/^.*\/web\/src\//u, ''))
    expect(names).toEqual(expect.arrayContaining(['inbox/QueueRow.tsx', 'shell/Sidebar.tsx', 'ui/ErrorNote.tsx']))
    expect(names).not.toEqual(expect.arrayContaining(['ticket/TicketPage.tsx']))
    expect(names.some((name) => /^(?:settings\/.*Page|palette\/Palette|thread\/Thread|i18n\/zh)/u.test(name))).toBe(
      false,
    )
  })

  test('hold whole keys, plurals, and all that a spoken beginning may become', () => {
    for (const key of ['queue.end', 'queue.newOnes_other', 'view.mine', 'status.waiting_customer', 'settings.back'])
      expect(isFirst(key), key).toBe(true)
    for (const key of ['composer.send', 'rules.title', 'settings.intro']) expect(isFirst(key), key).toBe(false)
  })

  test('are few, and with the rest they are all', () => {
    expect(count(first) + count(rest)).toBe(count(zh))
    expect(count(first)).toBeGreaterThan(100)
    expect(count(first)).toBeLessThan(count(zh) / 4)
  })
})

/** What stands between the quotes has to be there at once: a call that makes a key up from parts would not be found. */
test('no module that comes first asks for words by a name of its own making', () => {
  for (const path of modules) {
    const calls = readFileSync(path, 'utf8').matchAll(/\bt\(([^'"`)\s][^,)]*)/gu)
    for (const [, asked] of calls) {
      // A choice between two texts, or a key that stands as text in a list.
      expect(asked, path).toMatch(/\?|^(?:page|group)\.title$|^first$/u)
    }
  }
})

/** Who may import whom: docs/design.md. Read from the files' text, so that a type's import counts like any other. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { adapters } from '../adapters/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What an adapter may import beside `#channel/*`, `node:` and zod. */
const packagesOf: Readonly<Record<string, readonly string[]>> = {
  telegram: ['telegraf'],
  mastodon: ['html-to-text'],
  feed: ['feedsmith', 'html-to-text'],
  'wechat-official': ['fast-xml-parser'],
  x: ['twitter-api-v2'],
  // All of them loaded when an account listens; the mock for the demo and the tests alone.
  wechaty: ['wechaty', 'wechaty-puppet', 'wechaty-puppet-service', 'wechaty-puppet-mock', 'file-box', 'memory-card'],
}

/** An area imports itself and what stands before it; those in one line may know each other. */
const layers: readonly (readonly string[])[] = [
  ['channel'],
  ['db'],
  ['auth', 'live', 'http'],
  ['notices'],
  ['accounts'],
  ['outbound'],
  ['tickets', 'tasks', 'together'],
  ['facts'],
  ['mentions'],
  ['automatic'],
  ['teams', 'promises'],
  ['inbound', 'people', 'rules', 'status-page'],
  ['figures', 'incidents', 'quality'],
]
/** What puts the parts together: no area knows it. */
const assembly = [
  'app',
  'serve',
  'due-handlers',
  'main',
  'demo',
  'demo-complaint',
  'demo-together',
  'cli',
  'desk-build',
]

interface Import {
  /** From the root, with slashes: `src/db/client.ts`. */
  readonly file: string
  readonly typeOnly: boolean
  /** As written. */
  readonly to: string
  /** From the root, for a relative one; else null. */
  readonly path: string | null
}

const testFile = /\.test\.tsx?$|(^|\/)test-[\w-]+\.ts$|\/contract\.ts$/u

function filesIn(folder: string): string[] {
  const at = join(root, folder)
  if (!existsSync(at)) return []
  return readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx)$/u.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort()
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\//gu, '')
  const found = text.matchAll(
    /^\s*(?:import|export)\s(?<what>[^'"`;]*?)from\s*['"](?<from>[^'"]+)['"]|^\s*import\s*['"](?<bare>[^'"]+)['"]|\bimport\(\s*['"](?<lazy>[^'"]+)['"]/gmu,
  )
  return [...found].map(({ groups = {} }) => {
    const to = groups.from ?? groups.bare ?? groups.lazy ?? ''
    const path = to.startsWith('.') ? relative(root, resolve(root, dirname(file), to)) : null
    return { file, typeOnly: /^type\b/u.test(groups.what?.trim() ?? ''), to, path }
  })
}

const sources = (folder: string) => filesIn(folder).filter((file) => !testFile.test(file))
const told = ({ file, to }: Import) => `${file} imports ${to}`

test('the imports of a file are found, however they are written', () => {
  const found = importsOf('test/helpers/global-setup.ts').map(({ to }) => to)
  expect(found).toEqual(expect.arrayContaining(['node:child_process', 'vitest/node', '../../src/db/client.ts']))
  expect(importsOf('src/main.ts').map(({ path }) => path)).toContain('adapters/demo.ts')
  expect(importsOf('src/channel/tools.ts')[0]).toMatchObject({ to: 'node:http', typeOnly: true })
})

describe('adapters', () => {
  const channels = adapters.map(({ channel }) => channel)

  test.each(channels)('%s imports the contract, zod, node and its own packages', (channel) => {
    const own = `adapters/${channel}/`
    const packages = ['zod', ...(packagesOf[channel] ?? [])]
    const imports = sources(own).flatMap(importsOf)
    expect(imports.length).toBeGreaterThan(0)
    const wrong = imports.filter(({ to, path }) => {
      if (path !== null) return !path.startsWith(own)
      return !/^(#channel\/|node:)/u.test(to) && !packages.includes(to)
    })
    expect(wrong.map(told)).toEqual([])
  })

  test('none imports a simulator into what runs in production', () => {
    const runtime = channels.flatMap((channel) => reachable(`adapters/${channel}/index.ts`))
    expect(runtime.filter((file) => /\/(simulator|crowd|demo)/u.test(file))).toEqual([])
  })

  test('the lists import adapters and the contract alone', () => {
    const wrong = ['adapters/index.ts', 'adapters/demo.ts']
      .flatMap(importsOf)
      .filter(({ to }) => !/^(#channel\/|\.\/[\w-]+\/(index|demo)\.ts$)/u.test(to))
    expect(wrong.map(told)).toEqual([])
  })

  test('every folder is in the list', () => {
    const folders = readdirSync(join(root, 'adapters'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(channels.toSorted()).toEqual(folders.map(({ name }) => name).toSorted())
  })
})

describe('src', () => {
  test('only main.ts imports adapters', () => {
    const found = sources('src')
      .flatMap(importsOf)
      .filter(({ path }) => path?.startsWith('adapters/'))
    expect([...new Set(found.map(({ file }) => file))]).toEqual(['src/main.ts'])
  })

  test('nothing names a channel, or asks for one', () => {
    const names = adapters.map(({ channel }) => channel).join('|')
    const naming = new RegExp(`(['"\`])(?:${names})\\1|\\.channel\\s*[!=]==?\\s*['"\`]`, 'u')
    const found = sources('src').filter((file) => naming.test(readFileSync(join(root, file), 'utf8')))
    expect(found).toEqual([])
  })

  test('nothing imports a test', () => {
    const wrong = sources('src')
      .flatMap(importsOf)
      .filter(({ path }) => path !== null && /^test\//u.test(path))
    expect(wrong.map(told)).toEqual([])
  })

  test('the arrows never turn back', () => {
    const rank = new Map(layers.flatMap((areas, index) => areas.map((area) => [area, index] as const)))
    const areaOf = (path: string) => /^src\/([\w-]+)\//u.exec(path)?.[1] ?? null
    const wrong = [...rank.keys()]
      .flatMap((area) => sources(`src/${area}`))
      .flatMap(importsOf)
      .filter(({ file, path }) => {
        const to = path === null ? null : areaOf(path)
        const [here, there] = [rank.get(areaOf(file) ?? ''), rank.get(to ?? '')]
        return here !== undefined && there !== undefined && there > here
      })
    expect(wrong.map(told)).toEqual([])
  })

  test('the parts do not know who puts them together', () => {
    const wrong = layers
      .flat()
      .flatMap((area) => sources(`src/${area}`))
      .flatMap(importsOf)
      .filter(
        ({ path }) =>
          path !== null && assembly.some((name) => path === `src/${name}.ts` || path.startsWith(`src/${name}/`)),
      )
    expect(wrong.map(told)).toEqual([])
  })

  test('every folder has its place in the layers', () => {
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const unplaced = folders
      .map(({ name }) => name)
      .filter((name) => !layers.flat().includes(name) && !assembly.includes(name))
    expect(unplaced).toEqual([])
  })

  test('the contract runs anywhere: of node and packages it takes types alone', () => {
    const wrong = sources('src/channel')
      .flatMap(importsOf)
      .filter(({ path, typeOnly }) => (path === null ? !typeOnly : !path.startsWith('src/channel/')))
    expect(wrong.map(told)).toEqual([])
  })
})

describe('web', () => {
  test('takes from the server the API’s types and what the contract computes', () => {
    const wrong = sources('web/src')
      .flatMap(importsOf)
      .filter(({ to, path, typeOnly }) => {
        if (to.startsWith('node:')) return true
        if (path === null || path.startsWith('web/')) return false
        return !path.startsWith('src/channel/') && !(path === 'src/wire.ts' && typeOnly)
      })
    expect(wrong.map(told)).toEqual([])
  })
})

/** A file and all it imports, relative imports only. */
function reachable(start: string): string[] {
  const seen = new Set<string>()
  const visit = (file: string): void => {
    if (seen.has(file) || !existsSync(join(root, file))) return
    seen.add(file)
    for (const { path } of importsOf(file)) if (path) visit(path)
  }
  visit(start)
  return [...seen]
}

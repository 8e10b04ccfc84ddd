import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ensureDesk, openDesk, projectRoot } from '../src/desk-build.ts'
import { patience } from './helpers/patience.ts'

// Processes and whole clusters, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'huixin-desk-'))
  await mkdir(join(root, 'web', 'src'), { recursive: true })
  for (const name of [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'web/tsconfig.json',
    'web/vite.config.ts',
    'web/words-plugin.ts',
    'web/first-words.ts',
    'web/src/i18n',
  ]) {
    await cp(join(projectRoot, name), join(root, name), { recursive: true })
  }
  await symlink(join(projectRoot, 'node_modules'), join(root, 'node_modules'))
  await writeFile(join(root, 'web', 'index.html'), '<!doctype html><script type="module" src="/src/main.tsx"></script>')
  await writeSource('document.body.append("first")')
})
afterEach(() => rm(root, { recursive: true, force: true }))

const writeSource = (text: string) => writeFile(join(root, 'web', 'src', 'main.tsx'), text)
const builds = async () =>
  (await readdir(join(root, 'web', 'dist'))).filter((name) => name !== 'build.lock' && !name.startsWith('.'))

async function scriptIn(folder: string): Promise<string> {
  const assets = await readdir(join(folder, 'assets'))
  return readFile(join(folder, 'assets', assets.find((name) => name.endsWith('.js'))!), 'utf8')
}

test('a build is made once for the same sources, by whichever of several starts is first', {
  timeout: 60_000 * patience,
}, async () => {
  const [one, two] = await Promise.all([ensureDesk(root), ensureDesk(root)])
  expect(two).toBe(one)
  expect(await scriptIn(one)).toContain('first')
  expect(await readFile(join(one, 'index.html'), 'utf8')).toContain('__CSP_NONCE__')
  const marker = join(one, 'marker')
  await writeFile(marker, '')
  expect(await ensureDesk(root)).toBe(one)
  expect(await readdir(one)).toContain('marker')
})

test('a changed source makes a new build beside the one that is still served', async () => {
  const before = await ensureDesk(root)
  await writeSource('document.body.append("second")')
  const after = await ensureDesk(root)
  expect(after).not.toBe(before)
  expect(await scriptIn(after)).toContain('second')
  expect(await scriptIn(before)).toContain('first')
})

test('a build that fails leaves nothing that looks like one and says why without a stack', async () => {
  await writeSource('this is no program')
  const desk = openDesk(root)
  expect(desk.state).toBe('building')
  await expect(desk.ready).rejects.toThrow(/could not be built/u)
  expect(desk.state).toBe('failed')
  expect(desk.reason).not.toMatch(/\bat .*:\d+:\d+/u)
  expect((await builds()).filter((name) => !name.includes('.new-'))).toEqual([])
})

test('a build under way ends when the desk is closed, and the next one starts over', async () => {
  const desk = openDesk(root)
  let told = false
  desk.ready.finally(() => (told = true)).catch(() => {})
  await desk.close()
  expect(desk.state).toBe('failed')
  await new Promise(setImmediate)
  expect(told).toBe(false) // no alarm about a build nobody wants any more
  expect(await scriptIn(await ensureDesk(root))).toContain('first')
})

test('an installation without the sources serves the build it came with', async () => {
  const built = await ensureDesk(root)
  await rm(join(root, 'web', 'src'), { recursive: true })
  expect(await ensureDesk(root)).toBe(built)
  await rm(join(root, 'web', 'dist'), { recursive: true })
  await expect(ensureDesk(root)).rejects.toThrow(/not built/u)
})

/**
 * The built desk. It lies in `web/dist/<hash of its sources>`: what is there is complete, a build that is cut short leaves
 * nothing that looks like one, and a server that still serves an older build keeps its files.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compressFiles } from './compress-files.ts'
import { hashSources } from './desk-sources.ts'
import { takeLock } from './process-lock.ts'
import { StartError } from './start-error.ts'

export const projectRoot = fileURLToPath(new URL('..', import.meta.url))

export interface Desk {
  readonly state: 'building' | 'ready' | 'failed'
  /** The folder to serve once it is ready. */
  readonly root: string | null
  /** Why there is none, in a sentence. */
  readonly reason: string | null
  /** Settles when the state does; rejects with the reason. Nobody has to listen. Stays open when `close` came first. */
  readonly ready: Promise<string>
  /** Ends a build that is under way. */
  close(): Promise<void>
}

/** Builds the desk in the background when it has to be; the server need not wait for it. */
export function openDesk(root: string = projectRoot): Desk {
  const leaving = new AbortController()
  let state: Desk['state'] = 'building'
  let built: string | null = null
  let reason: string | null = null
  const building = ensureDesk(root, leaving.signal).then(
    (folder) => {
      built = folder
      state = 'ready'
      return folder
    },
    (error: unknown) => {
      reason = error instanceof Error ? error.message : String(error)
      state = 'failed'
      if (leaving.signal.aborted) return null
      throw error
    },
  )
  const ready = building.then((folder) => folder ?? new Promise<never>(() => {}))
  ready.catch(() => {}) // told by `state` and `reason` to those who do not listen
  const ended = building.then(
    () => {},
    () => {},
  )
  return {
    get state() {
      return state
    },
    get root() {
      return built
    },
    get reason() {
      return reason
    },
    ready,
    close() {
      leaving.abort()
      return ended
    },
  }
}

const BUILD_WITHIN_MS = 180_000
/** Builds of earlier sources that are kept, for servers that still run them. */
const KEPT = 2

/** The folder of the desk built from the sources as they are; builds it when it is missing. One build at a time. */
export async function ensureDesk(root: string = projectRoot, signal?: AbortSignal): Promise<string> {
  const dist = join(root, 'web', 'dist')
  if (!existsSync(join(root, 'web', 'src'))) return onlyBuild(dist)
  const folder = join(dist, await hashSources(root))
  if (existsSync(folder)) return folder
  try {
    await mkdir(dist, { recursive: true })
    const lock = await takeLock(join(dist, 'build.lock'), 'exclusive', BUILD_WITHIN_MS, 'another build does not end')
    try {
      if (!existsSync(folder)) await build(root, folder, signal)
      await removeOld(dist, folder)
    } finally {
      lock.release()
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new StartError(`The desk could not be built: ${why}`, { cause })
  }
  return folder
}

async function build(root: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
  // A name of its own: the build of a server that was killed may still be writing to its draft.
  const draft = `${folder}.new-${process.pid}`
  const vite = createRequire(join(root, 'package.json')).resolve('vite/package.json')
  const program = join(vite, '..', 'bin', 'vite.js')
  // `native`: the other loaders write into node_modules, which may be read-only.
  const config = ['--config', 'vite.config.ts', '--configLoader', 'native']
  const args = ['build', ...config, '--outDir', draft, '--emptyOutDir', '--logLevel', 'warn']
  const child = spawn(process.execPath, [program, ...args], {
    cwd: join(root, 'web'),
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // Ctrl-C is for the server, which ends the build in order
    timeout: BUILD_WITHIN_MS,
    ...(signal ? { signal } : {}),
  })
  // The server is starting beside it on the same cores.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  await succeeded(child)
  await compressFiles(draft)
  await rename(draft, folder)
}

function succeeded(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000)
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    child.once('error', reject)
    child.once('close', (code, killedBy) => {
      if (code === 0) resolve()
      else reject(new Error(inShort(output) || `vite ended with ${killedBy ?? code}`))
    })
  })
}

/** What went wrong, without the stack. */
function inShort(output: string): string {
  const lines = output.split('\n').map((line) => line.trim())
  const end = lines.findIndex((line) => /^(?:at |Stack backtrace)/u.test(line))
  return lines
    .slice(0, end < 0 ? 12 : end)
    .filter(Boolean)
    .join(' ')
}

/** A packaged installation may come without the sources. */
async function onlyBuild(dist: string): Promise<string> {
  const builds = existsSync(dist) ? await listBuilds(dist) : []
  if (!builds[0]) throw new StartError('The desk is not built and its sources (web/src) are not here.')
  return builds[0]
}

/** Newest first. */
async function listBuilds(dist: string): Promise<string[]> {
  const names = (await readdir(dist)).filter((name) => /^[0-9a-f]{16}$/u.test(name))
  const dated = await Promise.all(
    names.map(async (name) => ({ path: join(dist, name), at: (await stat(join(dist, name))).mtimeMs })),
  )
  return dated.sort((a, b) => b.at - a.at).map(({ path }) => path)
}

async function removeOld(dist: string, current: string): Promise<void> {
  const drafts = (await readdir(dist)).filter((name) => name.includes('.new-')).map((name) => join(dist, name))
  for (const path of drafts) await rm(path, { recursive: true, force: true, maxRetries: 5 })
  const old = (await listBuilds(dist)).filter((path) => path !== current)
  for (const path of old.slice(KEPT)) await rm(path, { recursive: true, force: true })
}

/** How our own PostgreSQL is reached, and whether it answers. */
import { createHash, randomBytes } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartError } from '../../start-error.ts'
import { databaseCode } from '../client.ts'
import { postgres } from '../driver.ts'
import type { TargetParts } from '../target.ts'

export type EmbeddedTarget = TargetParts

export const USER = 'huixin'
const SOCKET = '.s.PGSQL.5432'
/** sun_path holds 108 bytes on Linux, 104 on macOS, with the final NUL. */
const SOCKET_PATH_MAX = 103

/**
 * The socket lies in the cluster's own folder, which is mode 700 and its user's: PostgreSQL is told `.`, so the length
 * of the path does not matter to it. For our side a path too long gets a short link in a private folder.
 * Windows: loopback, a port chosen once and a random password, both kept in `postgres.json`.
 */
export async function addressOf(data: string, cluster: string): Promise<EmbeddedTarget> {
  const base = { user: USER, database: 'postgres' }
  if (process.platform === 'win32') return { ...base, host: '127.0.0.1', ...(await windowsAccess(data)) }
  const path = join(cluster, SOCKET)
  return { ...base, path: Buffer.byteLength(path) > SOCKET_PATH_MAX ? join(shortLink(cluster), SOCKET) : path }
}

/** What PostgreSQL is told so that it listens there. */
export function listenSettings(target: EmbeddedTarget): Record<string, string> {
  return target.path === undefined
    ? { listen_addresses: '127.0.0.1', port: String(target.port), unix_socket_directories: '' }
    : { listen_addresses: '', port: '5432', unix_socket_directories: '.', unix_socket_permissions: '0700' }
}

/** `busy`: it is starting or stopping; ask again. `none`: nobody listens. */
export async function probe(target: EmbeddedTarget): Promise<'ready' | 'busy' | 'none'> {
  const sql = postgres({ ...target, max: 1, connect_timeout: 5, onnotice: () => {} })
  try {
    await sql`select 1`
    return 'ready'
  } catch (error) {
    const code = databaseCode(error)
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return 'none'
    if (code === '53300') return 'ready' // too many connections: it runs
    if (code?.startsWith('57P') || code === 'CONNECT_TIMEOUT' || code === 'CONNECTION_CLOSED' || code === 'ECONNRESET')
      return 'busy'
    if (code === 'EACCES') throw new StartError('its folder belongs to another user', { cause: error })
    throw error
  } finally {
    await sql.end({ timeout: 1 })
  }
}

function shortLink(cluster: string): string {
  const uid = process.getuid!()
  const roots = [tmpdir(), '/tmp'].map((root) => join(root, `huixin-${uid}`))
  const root = roots.find((path) => path.length < SOCKET_PATH_MAX - 40) ?? roots[1]!
  if (!existsSync(root)) mkdirSync(root, { mode: 0o700 })
  // The name can be guessed and the folder above is everybody's: what is there must be ours alone.
  const found = lstatSync(root)
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw new StartError(`${root} is not a private folder of ours; remove it, or choose a shorter HUIXIN_DATA`)
  }
  const link = join(root, createHash('sha256').update(cluster).digest('hex').slice(0, 16))
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(link) === cluster) return link
  const draft = `${link}.${process.pid}`
  symlinkSync(cluster, draft)
  renameSync(draft, link)
  return link
}

async function windowsAccess(data: string): Promise<{ port: number; password: string }> {
  const file = join(data, 'postgres.json')
  if (!existsSync(file)) {
    const access = { port: await freePort(), password: randomBytes(24).toString('base64url') }
    writeFileSync(file, JSON.stringify(access), { mode: 0o600, flag: 'wx' })
  }
  return JSON.parse(readFileSync(file, 'utf8')) as { port: number; password: string }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

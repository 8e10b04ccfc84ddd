/** Which user PostgreSQL runs as, and what that user may enter. PostgreSQL refuses to run as root. */
import { chmodSync, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export interface RunAs {
  readonly uid: number
  readonly gid: number
}

/** `nobody`: a number, so that no user has to be created. */
const NOBODY: RunAs = { uid: 65_534, gid: 65_534 }

/** Null: as we are. As root: the owner of the cluster when there is one already, else nobody. */
export function runAsFor(cluster: string): RunAs | null {
  if (process.getuid?.() !== 0) return null
  if (!existsSync(cluster)) return NOBODY
  const { uid, gid } = statSync(cluster)
  return uid === 0 ? NOBODY : { uid, gid }
}

/** The outermost folder on the way to `path`, itself included, that the user cannot enter; null when there is none. */
export function closedFolder(path: string, user: RunAs): string | null {
  const chain: string[] = []
  for (let at = realpathSync(nearestExisting(path)); ; at = dirname(at)) {
    chain.unshift(at)
    if (dirname(at) === at) break
  }
  return chain.find((folder) => !allows(folder, user, 0o1)) ?? null
}

/** By the mode's bits; access lists are not looked at. */
export function allows(path: string, user: RunAs, bits: number): boolean {
  const { mode, uid, gid } = statSync(path)
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0
  return ((mode >> shift) & bits) === bits
}

export function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path))
}

/**
 * Makes the folder and its missing parents: private, but when PostgreSQL will run as somebody else that user may pass
 * through (not list) them. Folders that exist already are left as they are.
 */
export function makeFolder(path: string, user: RunAs | null): void {
  const missing: string[] = []
  for (let at = path; !existsSync(at); at = dirname(at)) missing.unshift(at)
  for (const folder of missing) {
    mkdirSync(folder, { recursive: true })
    chmodSync(folder, folder === path ? (user ? 0o711 : 0o700) : 0o755)
  }
}

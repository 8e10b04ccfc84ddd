/** The cluster's files. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StartError } from '../../start-error.ts'
import { syncFolder } from '../../sync-folder.ts'
import { type EmbeddedTarget, USER } from './address.ts'
import { type Binaries, ENVIRONMENT } from './binaries.ts'
import type { RunAs } from './run-as.ts'

export interface Cluster {
  /** PostgreSQL's data directory, as a real path. */
  readonly folder: string
  /** Where its output goes. */
  readonly log: string
  readonly user: RunAs | null
}

/**
 * Written into postgresql.conf once; an operator may change them there. fsync and synchronous_commit stay on, which is
 * PostgreSQL's default. Parallel queries are off: two cores, and /dev/shm is small in containers. What is logged must not
 * hold customers' words, so no statements and no details.
 */
const INITIAL_SETTINGS: Readonly<Record<string, string>> = {
  shared_buffers: '128MB',
  max_connections: '100',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  random_page_cost: '1.1',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
}

/** Makes the cluster when there is none. Complete or not there: it is made under another name and renamed. */
export async function createCluster(cluster: Cluster, binaries: Binaries, target: EmbeddedTarget): Promise<void> {
  if (existsSync(join(cluster.folder, 'PG_VERSION'))) return checkVersion(cluster)
  if (existsSync(cluster.folder) && (await readdir(cluster.folder)).length > 0) {
    throw new StartError(`${cluster.folder} holds something else than a PostgreSQL cluster`)
  }
  const data = dirname(cluster.folder)
  await removeDrafts(data)
  // A name of its own: an initdb whose parent was killed may still be writing to its draft.
  const draft = `${cluster.folder}.new-${randomBytes(4).toString('hex')}`
  mkdirSync(draft, { mode: 0o700 })
  if (cluster.user) chownSync(draft, cluster.user.uid, cluster.user.gid)
  try {
    await initdb(cluster, binaries, target, draft)
    await rename(draft, cluster.folder)
    syncFolder(data)
  } finally {
    await removeDrafts(data)
  }
}

function initdb(cluster: Cluster, binaries: Binaries, target: EmbeddedTarget, folder: string): Promise<void> {
  const args = ['-D', folder, '-U', USER, '-E', 'UTF8', '--locale-provider=builtin', '--locale=C.UTF-8']
  if (target.password === undefined) args.push('--auth=trust')
  else {
    const passwordFile = `${folder}.password`
    writeFileSync(passwordFile, target.password, { mode: 0o600 })
    args.push('--auth=scram-sha-256', `--pwfile=${passwordFile}`)
  }
  for (const [name, value] of Object.entries(INITIAL_SETTINGS)) args.push('-c', `${name}=${value}`)
  return run(binaries.initdb, args, cluster.user)
}

async function removeDrafts(data: string): Promise<void> {
  for (const name of await readdir(data)) {
    if (name.startsWith('postgres.new-')) await rm(join(data, name), { recursive: true, force: true, maxRetries: 5 })
  }
}

function checkVersion(cluster: Cluster): void {
  const version = readFileSync(join(cluster.folder, 'PG_VERSION'), 'utf8').trim()
  if (version !== '18') throw new StartError(`${cluster.folder} was made by PostgreSQL ${version}, this is 18`)
}

/** Runs a program to its end; its complaint becomes the error's text. */
function run(program: string, args: readonly string[], user: RunAs | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...user,
      cwd: '/',
      env: ENVIRONMENT,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let complaint = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      complaint = (complaint + chunk).slice(-4_000)
    })
    child.once('error', (cause) =>
      reject(new StartError(`${program} cannot be run (${(cause as NodeJS.ErrnoException).code})`, { cause })),
    )
    child.once('close', (code, killedBy) => {
      if (code === 0) return resolve()
      const line = complaint.split('\n').find((text) => /error|could not|FATAL/u.test(text)) ?? complaint.split('\n')[0]
      reject(new StartError(`initdb failed: ${line?.trim() || killedBy || `exit code ${code}`}`))
    })
  })
}

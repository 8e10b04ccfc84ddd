/** The cluster's files and its process: make, run, stop, and tell a stale pid file from a true one. */
import { type ChildProcess, spawn } from 'node:child_process'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { StartError } from '../../start-error.ts'
import { type EmbeddedTarget, listenSettings, USER } from './address.ts'
import type { Binaries } from './binaries.ts'
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

const LOG_MAX_BYTES = 10 * 1024 * 1024
/** Nothing of our environment is its business; a foreign locale or PG* variable would change what it does. */
const ENVIRONMENT = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', SystemRoot: process.env.SystemRoot }

/** Makes the cluster when there is none. Complete or not there: it is made under another name and renamed. */
export async function createCluster(cluster: Cluster, binaries: Binaries, target: EmbeddedTarget): Promise<void> {
  if (existsSync(join(cluster.folder, 'PG_VERSION'))) return checkVersion(cluster)
  if (existsSync(cluster.folder) && (await readdir(cluster.folder)).length > 0) {
    throw new StartError(`${cluster.folder} holds something else than a PostgreSQL cluster`)
  }
  const draft = `${cluster.folder}.new`
  await rm(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  if (cluster.user) chownSync(draft, cluster.user.uid, cluster.user.gid)
  const passwordFile = join(draft, '..', 'postgres.password')
  const args = ['-D', draft, '-U', USER, '-E', 'UTF8', '--locale-provider=builtin', '--locale=C.UTF-8']
  if (target.password === undefined) args.push('--auth=trust')
  else {
    writeFileSync(passwordFile, target.password, { mode: 0o600 })
    args.push('--auth=scram-sha-256', `--pwfile=${passwordFile}`)
  }
  for (const [name, value] of Object.entries(INITIAL_SETTINGS)) args.push('-c', `${name}=${value}`)
  try {
    await run(binaries.initdb, args, cluster.user)
    await rename(draft, cluster.folder)
  } finally {
    await rm(draft, { recursive: true, force: true })
    await rm(passwordFile, { force: true })
  }
}

/** Starts the process and does not wait until it answers. It is in a session of its own: Ctrl-C is for us alone. */
export function spawnPostgres(
  cluster: Cluster,
  binaries: Binaries,
  target: EmbeddedTarget,
  settings: Readonly<Record<string, string>>,
): ChildProcess {
  if (existsSync(cluster.log) && statSync(cluster.log).size > LOG_MAX_BYTES) renameSync(cluster.log, `${cluster.log}.1`)
  const log = openSync(cluster.log, 'a', 0o600)
  const args = ['-D', cluster.folder]
  for (const [name, value] of Object.entries({ ...settings, ...listenSettings(target) }))
    args.push('-c', `${name}=${value}`)
  const child = spawn(binaries.postgres, args, {
    ...cluster.user,
    cwd: '/',
    env: ENVIRONMENT,
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  return child
}

/** Ends every connection, writes a checkpoint and waits until the process is gone. Does nothing where none of ours runs. */
export async function stopPostgres(cluster: Cluster, timeoutMs: number): Promise<void> {
  const pid = postmasterPid(cluster)
  if (pid === null || !isPostmaster(pid, cluster)) return
  signal(pid, 'SIGINT')
  const deadline = performance.now() + timeoutMs
  while (isPostmaster(pid, cluster)) {
    if (performance.now() > deadline)
      throw new StartError(`PostgreSQL (process ${pid}) does not stop; see ${cluster.log}`)
    await wait(5)
  }
}

/**
 * After the machine or the container started again the pid in postmaster.pid may be another process's, and PostgreSQL
 * would refuse to start for ever. True when the files were mended: the pid becomes our own, which PostgreSQL takes for no
 * rival because it is its parent's, while its second check, for backends that still hold the shared memory, stays in force.
 */
export function mendStalePid(cluster: Cluster): boolean {
  const pid = postmasterPid(cluster)
  if (pid === null || pid === process.pid || isPostmaster(pid, cluster)) return false
  for (const name of ['postmaster.pid', '.s.PGSQL.5432.lock']) {
    const file = join(cluster.folder, name)
    if (!existsSync(file)) continue
    const lines = readFileSync(file, 'utf8').split('\n')
    lines[0] = String(process.pid)
    writeFileSync(file, lines.join('\n'))
  }
  return true
}

/** The first line of postmaster.pid; null when there is no such file or no number in it. */
export function postmasterPid(cluster: Cluster): number | null {
  const file = join(cluster.folder, 'postmaster.pid')
  if (!existsSync(file)) return null
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10)
  return pid > 0 ? pid : null
}

/** The end of its output, for an error's text. */
export function lastLogLine(cluster: Cluster): string {
  const lines = existsSync(cluster.log) ? readFileSync(cluster.log, 'utf8').trimEnd().split('\n').slice(-20) : []
  return (
    lines.findLast((line) => /FATAL|PANIC|ERROR|could not/u.test(line))?.replace(/^.*?(?:FATAL|PANIC|ERROR): +/u, '') ??
    ''
  )
}

/** Is it alive, and PostgreSQL of this very folder? PostgreSQL's working directory is its data directory. */
function isPostmaster(pid: number, cluster: Cluster): boolean {
  if (!signal(pid, 0)) return false
  if (process.platform !== 'linux') return true
  try {
    const cwd = statSync(`/proc/${pid}/cwd`)
    const folder = statSync(cluster.folder)
    return cwd.ino === folder.ino && cwd.dev === folder.dev
  } catch (error) {
    // Gone, a zombie, or another user's process: not ours in each case.
    if (['ENOENT', 'EACCES', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name)
    return true
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ESRCH') return false
    if (code === 'EPERM') return true
    throw error
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
      detached: true,
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

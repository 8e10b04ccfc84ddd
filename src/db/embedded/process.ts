/** The process: run it, stop it, and tell a stale pid file from a true one. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { StartError } from '../../start-error.ts'
import { type EmbeddedTarget, listenSettings } from './address.ts'
import { type Binaries, ENVIRONMENT } from './binaries.ts'
import type { Cluster } from './cluster.ts'

const LOG_MAX_BYTES = 10 * 1024 * 1024

/** Starts the process and does not wait until it answers. It is in a session of its own: Ctrl-C is for us alone. */
export function spawnPostgres(
  cluster: Cluster,
  binaries: Binaries,
  target: EmbeddedTarget,
  settings: Readonly<Record<string, string>>,
): { readonly child: ChildProcess; readonly saidBefore: number } {
  if (logLength(cluster) > LOG_MAX_BYTES) renameSync(cluster.log, `${cluster.log}.1`)
  const saidBefore = logLength(cluster)
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
  return { child, saidBefore }
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

/** What it complained about last since its output had this length; empty when it said nothing. */
export function complaint(cluster: Cluster, since: number): string {
  const lines = existsSync(cluster.log) ? readFileSync(cluster.log).subarray(since).toString().split('\n') : []
  // The last two only say that somebody asked too early or too late.
  const line = lines.findLast((text) => /FATAL|PANIC/u.test(text) && !/is (?:starting up|shutting down)/u.test(text))
  return line?.replace(/^.*?(?:FATAL|PANIC): +/u, '') ?? ''
}

function logLength(cluster: Cluster): number {
  return statSync(cluster.log, { throwIfNoEntry: false })?.size ?? 0
}

/** Is it alive, and PostgreSQL of this very folder? PostgreSQL's working directory is its data directory. */
function isPostmaster(pid: number, cluster: Cluster): boolean {
  if (!signal(pid, 0)) return false
  if (process.platform === 'win32') return true
  if (process.platform === 'darwin') {
    const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    return stdout.includes(cluster.folder)
  }
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

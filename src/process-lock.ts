/**
 * Locks between processes that the kernel releases when their holder dies, however it dies. SQLite's file locks do it:
 * an open read transaction is a shared lock, an exclusive transaction excludes both. Measured: 1 ms to take one.
 * A lock file with a pid in it would survive SIGKILL, and pids are used again.
 */
import { chownSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { StartError } from './start-error.ts'

export interface HeldLock {
  release(): void
}

const SQLITE_BUSY = 5
/** A handle that is collected as garbage is closed, and its lock is gone. */
const held = new Set<DatabaseSync>()

/** Null when another process, or another holder in this one, stands in the way. */
export function tryLock(file: string, mode: 'shared' | 'exclusive'): HeldLock | null {
  const handle = open(file)
  try {
    ownLikeFolder(file)
    if (mode === 'shared') handle.exec('begin; select count(*) from sqlite_master')
    else handle.exec('pragma journal_mode = memory; begin exclusive') // no journal file: a full disk must not matter
  } catch (error) {
    handle.close()
    if (isBusy(error)) return null
    throw error
  }
  held.add(handle)
  return {
    release() {
      if (held.delete(handle)) handle.close()
    },
  }
}

/** Waits up to `timeoutMs`; throws {@link StartError} with `busy` as its text when the lock is not free by then. */
export async function takeLock(
  file: string,
  mode: 'shared' | 'exclusive',
  timeoutMs: number,
  busy: string,
): Promise<HeldLock> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const lock = tryLock(file, mode)
    if (lock) return lock
    if (performance.now() > deadline) throw new StartError(busy)
    await wait(10)
  }
}

function open(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file)
  } catch (cause) {
    throw new StartError(`${file} cannot be opened for a lock: is it another user's?`, { cause })
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && ((error.errcode as number) & 0xff) === SQLITE_BUSY
}

/** Root beside a server of another user must not leave files that user cannot open. */
function ownLikeFolder(file: string): void {
  if (process.getuid?.() !== 0) return
  const folder = statSync(dirname(file))
  if (statSync(file).uid !== folder.uid) chownSync(file, folder.uid, folder.gid)
}

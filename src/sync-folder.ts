import { closeSync, fsyncSync, openSync } from 'node:fs'

/** Makes names that were just made or renamed in this folder survive a power cut. Windows cannot and need not. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

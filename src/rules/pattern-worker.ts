/** Tries patterns away from the server: one that never ends is ended from outside. */
import { parentPort } from 'node:worker_threads'

parentPort?.on('message', ({ id, pattern, text }: { id: number; pattern: string; text: string }) => {
  try {
    const found = new RegExp(pattern, 'iu').exec(text)
    parentPort?.postMessage({ id, found: found ? { from: found.index, to: found.index + found[0].length } : null })
  } catch {
    parentPort?.postMessage({ id, bad: true })
  }
})
parentPort?.postMessage({ ready: true })
